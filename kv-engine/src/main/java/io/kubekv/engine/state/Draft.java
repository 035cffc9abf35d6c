package io.kubekv.engine.state;

import io.kubekv.Author;
import io.kubekv.Entry;
import io.kubekv.Revision;
import io.kubekv.Times;
import io.kubekv.WatchEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision in the making: the state as the changes so far leave it. All changes of a decision are
 * of one revision, and numbered by their places. For one thread.
 */
final class Draft {
  private static final long LAST_SECOND = Instant.MAX.getEpochSecond() / 1_000;

  /** By how much the clocks of replicas may differ; one that shows more was wrong. */
  private static final long MOST_AHEAD_MILLIS = 60_000;

  private final List<Change> changes = new ArrayList<>(1);
  private final List<WatchEvent> events = new ArrayList<>(1);
  private final Revision next;
  private final Instant wall;
  private final long millis;
  private final Author author;
  private State state;

  /**
   * @param wall the time at which its entries are made
   * @param author who makes the changes
   */
  Draft(State before, Instant wall, Author author) {
    this.next = before.revision().next();
    this.wall = wall;
    this.author = author;
    this.millis = notBefore(before.clocks().shown(), millis(wall));
    this.state = before;
  }

  /** Times stand still until the clock has come up with what was shown, unless that was wrong. */
  private static long notBefore(long shown, long millis) {
    return shown - millis > MOST_AHEAD_MILLIS ? millis : Math.max(shown, millis);
  }

  /** Of what no such number holds, the furthest that it does. */
  private static long millis(Instant wall) {
    return Math.clamp(wall.getEpochSecond(), 0, LAST_SECOND) * 1_000 + wall.getNano() / 1_000_000;
  }

  /** The time as the clock shows it; for what is no entry's time. */
  Instant wall() {
    return wall;
  }

  /**
   * The times of an entry that is changed here.
   *
   * @param kept the entry that it goes on from; absent when it is a new one
   */
  Times times(Optional<Entry> kept) {
    return state.features().has(Feature.ENTRY_METADATA)
        ? new Times(Math.min(kept.map(Entry::created).orElse(millis), millis), millis)
        : Times.NONE;
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
    state = state.with(change, at, author, events::add);
    changes.add(change);
  }

  <T> Decision<T> decided(T outcome) {
    List<Effect> effects =
        changes.isEmpty()
            ? List.of()
            : List.of(new Effect(new Commit(revision(), changes, author), events, state));
    return new Decision<>(outcome, effects, state);
  }
}
