package io.kubekv.engine.state;

import java.util.List;

/**
 * What a request comes to.
 *
 * @param outcome the answer, true once {@code commits} are in the log
 * @param commits the changes, in order; empty when there are none; immutable
 * @param after the state that they leave
 */
public record Decision<T>(T outcome, List<Commit> commits, State after) {
  public Decision {
    commits = List.copyOf(commits);
  }

  /** About how many bytes the changes take in a log. */
  public long bytes() {
    return commits.stream().mapToLong(Commit::bytes).sum();
  }
}
