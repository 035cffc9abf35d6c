package io.kubekv.engine.state;

import io.kubekv.WatchEvent;
import java.util.List;

/**
 * What a commit makes of the state before it.
 *
 * @param events what a watch of all keys sees of it, in order; immutable
 * @param after the state that it leaves
 */
public record Effect(Commit commit, List<WatchEvent> events, State after) {
  public Effect {
    events = List.copyOf(events);
  }
}
