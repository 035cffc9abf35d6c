package io.kubekv.memory;

import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a transaction has done so far: how to take it back, and what watches will be told. */
final class Attempt {
  private final Revision before;
  private final Deque<Runnable> undoing = new ArrayDeque<>();
  private final List<WatchEvent> events = new ArrayList<>();

  /**
   * @param before the revision of the state that it began with
   */
  Attempt(Revision before) {
    this.before = before;
  }

  Revision before() {
    return before;
  }

  /** Says how to take back the change that is made next. */
  void undoneBy(Runnable undo) {
    undoing.push(undo);
  }

  void happened(WatchEvent event) {
    events.add(event);
  }

  /** The events in order. */
  List<WatchEvent> events() {
    return events;
  }

  /** Takes everything back, the last change first. */
  void undo() {
    undoing.forEach(Runnable::run);
  }
}
