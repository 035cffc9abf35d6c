package io.kubekv.k8s;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The last changes of the store, bounded by bytes, and the watches over them. Watches are cursors:
 * a slow one costs nothing and finds out that it is too late.
 *
 * <p>One thread adds; any thread watches. The lock is held only to add one event and to go to
 * sleep, never while events are searched.
 */
final class History {
  /** What an event costs beside key and value: its objects and its place in the map. */
  private static final long OVERHEAD_BYTES = 250;

  /** Events without a gap. A new list of the store ends one and begins another. */
  static final class Era {
    private final ConcurrentNavigableMap<Revision, WatchEvent> events =
        new ConcurrentSkipListMap<>();
    private final Revision start;
    private volatile Revision oldest;
    private volatile Revision last;
    private volatile List<WatchEvent> differences = List.of();
    private volatile boolean ended;
    private long bytes;

    private Era(Revision start) {
      this.start = start;
      this.oldest = start.next();
      this.last = start;
    }

    /** The first revision from which no change is missing. */
    Revision oldest() {
      return oldest;
    }

    /** Where the state stood that this began with: what was before is not of our own watching. */
    Revision start() {
      return start;
    }

    /** Whether it lacks nothing but what was before it began. */
    private boolean reachesToItsStart() {
      return oldest.equals(start.next());
    }

    /** Puts earlier events before the others, the newest of them first, as far as there is room. */
    private void prepend(List<WatchEvent> earlier, Revision first, long capacity) {
      Revision reached = first;
      for (WatchEvent event : earlier.reversed()) {
        if (bytes + size(event) > capacity) {
          reached = event.revision().next();
          break;
        }
        events.put(event.revision(), event);
        bytes += size(event);
      }
      oldest = reached;
    }

    /** Where the events that are here end. */
    Revision last() {
      return last;
    }

    /** Nothing will be added; what comes next has a gap before it. */
    boolean ended() {
      return ended;
    }

    /** How the state at its end differs from the one behind the gap, when it has ended. */
    List<WatchEvent> differences() {
      return differences;
    }

    /** The changes at or after a revision, in order; a view. */
    Collection<WatchEvent> from(Revision first) {
      return events.tailMap(first, true).values();
    }

    private void add(WatchEvent event, long capacity) {
      events.put(event.revision(), event);
      bytes += size(event);
      while (bytes > capacity && !events.isEmpty()) {
        WatchEvent first = events.firstEntry().getValue();
        oldest = first.revision().next();
        events.pollFirstEntry();
        bytes -= size(first);
      }
      last = event.revision();
    }
  }

  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Waiting waiting = new Waiting();
  private volatile Era era = new Era(Revision.ZERO);
  private volatile boolean closed;

  /**
   * @param capacity how many bytes of memory the events may hold on to
   */
  History(long capacity) {
    this.capacity = capacity;
  }

  Era era() {
    return era;
  }

  boolean closed() {
    return closed;
  }

  /**
   * Adds one change.
   *
   * @param publish makes the state that the change leads to visible; runs before any watch sees the
   *     event
   */
  void add(WatchEvent event, Runnable publish) {
    List<HistoryWatch> concerned;
    lock.lock();
    try {
      publish.run();
      era.add(event, capacity);
      concerned = waiting.take(keyOf(event));
      concerned.forEach(watch -> watch.skipTo(event.revision()));
    } finally {
      lock.unlock();
    }
    concerned.forEach(HistoryWatch::wake);
  }

  /**
   * Begins anew behind a gap. Watches that had seen everything are told the {@code differences}
   * with it.
   *
   * @param start where the new state stands
   * @param publish makes the new state visible
   */
  void restart(List<WatchEvent> differences, Revision start, Runnable publish) {
    List<HistoryWatch> all;
    lock.lock();
    try {
      publish.run();
      Era former = era;
      former.differences = List.copyOf(differences);
      era = new Era(start);
      former.ended = true;
      all = waiting.takeAll();
    } finally {
      lock.unlock();
    }
    all.forEach(HistoryWatch::wake);
  }

  /**
   * Puts before the current era what another replica remembers, so that a client may come from
   * there with its revision. Nothing happens when another era has begun, or this one has lost its
   * own first events already.
   *
   * @param base where the current era began
   * @param first the first revision from which no change is missing in {@code earlier}
   * @param earlier every change from there to {@code base}, in order
   */
  void backfill(Revision base, Revision first, List<WatchEvent> earlier) {
    lock.lock();
    try {
      Era now = era;
      if (now.start().equals(base) && now.reachesToItsStart() && !first.isAfter(base)) {
        now.prepend(earlier, first, capacity);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a watch.
   *
   * @param snapshot the state now
   */
  HistoryWatch watch(WatchRequest request, Supplier<Snapshot> snapshot) {
    lock.lock();
    try {
      return new HistoryWatch(this, request, snapshot);
    } finally {
      lock.unlock();
    }
  }

  /** Ends all watches. */
  void close() {
    List<HistoryWatch> all;
    lock.lock();
    try {
      closed = true;
      all = waiting.takeAll();
    } finally {
      lock.unlock();
    }
    all.forEach(HistoryWatch::wake);
  }

  /** Registers a watch that has seen everything up to {@code seen}; false when there is more. */
  boolean await(HistoryWatch watch, Era seenIn, Revision seen) {
    lock.lock();
    try {
      boolean nothingNew =
          !closed && !seenIn.ended() && seenIn == era && seenIn.last().equals(seen);
      if (nothingNew) {
        waiting.add(watch);
      }
      return nothingNew;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back {@link #await}; a watch that was not woken has missed nothing. */
  void stopWaiting(HistoryWatch watch) {
    lock.lock();
    try {
      if (waiting.remove(watch)) {
        watch.skipTo(era.last().next());
      }
    } finally {
      lock.unlock();
    }
  }

  static boolean concerns(Range range, WatchEvent event) {
    return range.contains(keyOf(event));
  }

  private static Key keyOf(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> put.entry().key();
      case WatchEvent.Delete delete -> delete.previous().key();
      case WatchEvent.Progress progress -> throw notAChange(progress);
      case WatchEvent.HistoryGone gone -> throw notAChange(gone);
    };
  }

  private static IllegalArgumentException notAChange(WatchEvent event) {
    return new IllegalArgumentException(event + " is no change of an entry");
  }

  private static long size(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> size(put.entry()) + put.previous().map(History::size).orElse(0L);
      case WatchEvent.Delete delete -> OVERHEAD_BYTES + size(delete.previous());
      case WatchEvent.Progress progress -> throw notAChange(progress);
      case WatchEvent.HistoryGone gone -> throw notAChange(gone);
    };
  }

  private static long size(Entry entry) {
    return OVERHEAD_BYTES + entry.key().text().length() + entry.value().size();
  }

  /** The entry that a watch of one key would have seen a change of, had there been one. */
  static Optional<Entry> unchangedSince(Range range, Revision from, Snapshot snapshot) {
    return range instanceof Range.Exact exact
        ? snapshot
            .get(exact.key())
            .filter(entry -> !entry.isDirectory() && entry.modifyRevision().isBefore(from))
        : Optional.empty();
  }
}
