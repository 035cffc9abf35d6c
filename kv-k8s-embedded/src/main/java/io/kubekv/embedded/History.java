package io.kubekv.embedded;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How far back snapshots and watches reach: the changes after the floor, kept for a time and within
 * a number of bytes. Used by the writer thread alone, but for the floor, which {@link ObjectStore}
 * publishes.
 */
final class History {
  private static final long SAMPLE_MILLIS = 1000;

  private final long retentionMillis;
  private final long maxBytes;
  private final ArrayDeque<Change> changes = new ArrayDeque<>();
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long bytes;

  History(Duration retention, long maxBytes) {
    this.retentionMillis = retention.toMillis();
    this.maxBytes = maxBytes;
  }

  /** A revision and when it was committed, by wall clock. */
  private record Sample(long at, long revision) {}

  void add(Change change, long committedAt) {
    changes.add(change);
    bytes += change.historyBytes();
    Sample last = samples.peekLast();
    if (last == null || committedAt - last.at() >= SAMPLE_MILLIS) {
      samples.add(new Sample(committedAt, change.revision()));
    }
  }

  /** The floor that time and bytes ask for now; never below {@code floor}. */
  long dueFloor(long floor, long now) {
    return dueFloor(floor, now, retentionMillis);
  }

  /** The same when only what is younger than this is to be kept. */
  long dueFloor(long floor, long now, long keptMillis) {
    long due = floor;
    while (!samples.isEmpty() && now - samples.getFirst().at() > keptMillis) {
      due = Math.max(due, samples.removeFirst().revision());
    }
    return fullFloor(due);
  }

  /** The floor that bytes alone ask for; never below {@code floor}. */
  long fullFloor(long floor) {
    long due = floor;
    long excess = bytes - maxBytes;
    for (Change change : excess > 0 ? changes : List.<Change>of()) {
      if (excess <= 0) {
        break;
      }
      excess -= change.historyBytes();
      due = Math.max(due, change.revision());
    }
    return due;
  }

  /**
   * Lets at most {@code max} of the oldest changes go, none above {@code floor}.
   *
   * @return the revisions that nobody can ask for any more
   */
  List<Long> forgetThrough(long floor, int max) {
    List<Change> forgotten = takeThrough(floor, max);
    List<Long> superseded = new ArrayList<>();
    Set<ObjectTable> touched = new LinkedHashSet<>();
    for (Change change : forgotten) {
      change.table().compact(change);
      touched.add(change.table());
      if (change.before() != null) {
        superseded.add(change.before().revision());
      }
      if (change.version().deleted()) {
        superseded.add(change.revision());
      }
    }
    if (!forgotten.isEmpty()) {
      long done = forgotten.getLast().revision();
      touched.forEach(table -> table.log().forgetThrough(done));
    }
    return superseded;
  }

  /** Whether there are changes at or below {@code floor}. */
  boolean reachesBelow(long floor) {
    return !changes.isEmpty() && changes.getFirst().revision() <= floor;
  }

  /** Takes out at most {@code max} of the oldest changes, none above {@code floor}. */
  private List<Change> takeThrough(long floor, int max) {
    List<Change> taken = new ArrayList<>();
    while (taken.size() < max && !changes.isEmpty() && changes.getFirst().revision() <= floor) {
      Change change = changes.removeFirst();
      bytes -= change.historyBytes();
      taken.add(change);
    }
    return taken;
  }
}
