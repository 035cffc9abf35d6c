package io.kubekv.engine.state;

import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A decision in the making: the state as the changes so far leave it. All changes of a decision are
 * of one revision, and numbered by their places. For one thread.
 */
final class Draft {
  private final List<Change> changes = new ArrayList<>(1);
  private final List<WatchEvent> events = new ArrayList<>(1);
  private final Revision next;
  private State state;

  Draft(State before) {
    this.next = before.revision().next();
    this.state = before;
  }

  State state() {
    return state;
  }

  /** The revision of the state so far. */
  Revision revision() {
    return state.revision();
  }

  /** The revision of the changes that are seen, whether there is one yet or not. */
  Revision next() {
    return next;
  }

  /** Adds a change that gives the store its next revision. */
  void add(Change change) {
    add(change, next);
  }

  /** Adds a change that nobody sees apart from the others; by itself it has no revision. */
  void addWithout(Change change) {
    add(change, revision());
  }

  private void add(Change change, Revision at) {
    state = state.with(change, at, events::add);
    changes.add(change);
  }

  <T> Decision<T> decided(T outcome) {
    List<Effect> effects =
        changes.isEmpty()
            ? List.of()
            : List.of(new Effect(new Commit(revision(), changes), events, state));
    return new Decision<>(outcome, effects, state);
  }
}
