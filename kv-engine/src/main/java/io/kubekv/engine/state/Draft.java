package io.kubekv.engine.state;

import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.List;

/** A decision in the making: the state as the changes so far leave it. For one thread. */
final class Draft {
  private final Numbering numbering;
  private final List<Effect> closed = new ArrayList<>(1);
  private final List<Change> open = new ArrayList<>(1);
  private final List<WatchEvent> events = new ArrayList<>(1);
  private final Revision before;
  private State state;

  Draft(State before, Numbering numbering) {
    this.before = before.revision();
    this.state = before;
    this.numbering = numbering;
  }

  State state() {
    return state;
  }

  /** The revision of the state so far. */
  Revision revision() {
    return state.revision();
  }

  /** The revision that the next change has. */
  Revision next() {
    boolean goesOn = numbering == Numbering.PER_REQUEST && revision().isAfter(before);
    return goesOn ? revision() : revision().next();
  }

  /** Adds a change of its own revision, or of the request's; see {@link #next}. */
  void add(Change change) {
    add(change, next());
  }

  /** Adds a change to those of the last revision, which nobody sees apart from them. */
  void addWithout(Change change) {
    add(change, revision());
  }

  private void add(Change change, Revision at) {
    if (!at.equals(revision())) {
      close();
    }
    state = state.with(change, at, events::add);
    open.add(change);
  }

  private void close() {
    if (!open.isEmpty()) {
      closed.add(new Effect(new Commit(revision(), open), events, state));
      open.clear();
      events.clear();
    }
  }

  <T> Decision<T> decided(T outcome) {
    close();
    return new Decision<>(outcome, closed, state);
  }
}
