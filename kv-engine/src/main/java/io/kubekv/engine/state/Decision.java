package io.kubekv.engine.state;

import java.util.List;

/**
 * What a request comes to.
 *
 * @param outcome the answer, true once all commits are in the log
 * @param effects the commits, in order, with what they do; empty when there are none; immutable
 * @param after the state that they leave
 */
public record Decision<T>(T outcome, List<Effect> effects, State after) {
  public Decision {
    effects = List.copyOf(effects);
  }

  /** The changes, in order. */
  public List<Commit> commits() {
    return effects.stream().map(Effect::commit).toList();
  }

  /** About how many bytes the changes take in a log. */
  public long bytes() {
    long bytes = 0;
    for (Effect effect : effects) {
      bytes += effect.commit().bytes();
    }
    return bytes;
  }
}
