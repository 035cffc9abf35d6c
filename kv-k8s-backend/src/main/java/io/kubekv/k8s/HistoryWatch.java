package io.kubekv.k8s;

import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the history: no queue of its own; while it waits, only events of its range wake it.
 */
final class HistoryWatch implements Watch {
  private static final long LONGEST_WAIT_NANOS = Duration.ofDays(36_500).toNanos();

  /** Whoever waits for longer than a year will not miss a timer. */
  private static final long LONG_WAIT_NANOS = Duration.ofDays(365).toNanos();

  private final History history;
  private final Range range;
  private final Supplier<Snapshot> snapshot;
  private final Revision start;
  private final Revision replayedTo;
  private History.Era era;
  private Revision next;
  private boolean progressDue = true;
  private volatile boolean ended;
  private volatile @Nullable Thread sleeper;
  private volatile boolean woken;

  /** Begins on the state as it is; the caller holds the history's lock. */
  HistoryWatch(History history, WatchRequest request, Supplier<Snapshot> snapshot) {
    this.history = history;
    this.range = request.range();
    this.snapshot = snapshot;
    this.era = history.era();
    this.replayedTo = snapshot.get().revision();
    this.next =
        switch (request.start()) {
          case WatchRequest.Now now -> replayedTo.next();
          case WatchRequest.From from -> from.first();
          case WatchRequest.Oldest oldest -> era.oldest();
        };
    this.start = request.start() instanceof WatchRequest.Now ? replayedTo : next;
  }

  Range range() {
    return range;
  }

  @Override
  public Revision start() {
    return start;
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    long patience =
        atMost.getSeconds() < LONGEST_WAIT_NANOS / 1_000_000_000L
            ? atMost.toNanos()
            : LONGEST_WAIT_NANOS;
    long deadline = System.nanoTime() + patience;
    while (!ended) {
      requireOpen();
      History.Era searched = era;
      boolean complete = searched.ended();
      Revision known = searched.last();
      Optional<WatchEvent> event = search(searched, known, complete);
      if (event.isPresent()) {
        return event;
      }
      long left = deadline - System.nanoTime();
      if (searched == era && !complete) {
        if (left <= 0) {
          return Optional.empty();
        }
        sleep(searched, known, left);
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    ended = true;
    wake();
  }

  /** Ends a wait; the history's thread calls it without holding the lock. */
  void wake() {
    woken = true;
    LockSupport.unpark(sleeper);
  }

  /** Nothing before {@code revision} concerns this watch; the caller holds the history's lock. */
  void skipTo(Revision revision) {
    next = Revision.max(next, revision);
  }

  private void sleep(History.Era searched, Revision known, long nanos) throws InterruptedException {
    woken = false;
    sleeper = Thread.currentThread();
    if (!history.await(this, searched, known)) {
      return;
    }
    try {
      long deadline = System.nanoTime() + nanos;
      for (long left = nanos; left > 0 && !woken && !ended; left = deadline - System.nanoTime()) {
        park(left);
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for events of " + range);
        }
      }
    } finally {
      history.stopWaiting(this);
    }
  }

  /** For the longest wait there is no timer, which each event would set and clear. */
  private void park(long nanos) {
    if (nanos > LONG_WAIT_NANOS) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /** The next event among those up to {@code known}, moving the cursor. */
  private Optional<WatchEvent> search(History.Era searched, Revision known, boolean complete) {
    Revision from = next;
    for (WatchEvent event : searched.from(from)) {
      if (event.revision().isAfter(known)
          || (progressDue && event.revision().isAfter(replayedTo))) {
        break;
      }
      if (History.concerns(range, event)) {
        return missing(searched, from).or(() -> step(event));
      }
    }
    Optional<WatchEvent> gone = missing(searched, from);
    if (gone.isPresent()) {
      return gone;
    }
    if (progressDue) {
      progressDue = false;
      return Optional.of(new WatchEvent.Progress(replayedTo));
    }
    skipTo(known.next());
    return complete ? crossGap() : Optional.empty();
  }

  private Optional<WatchEvent> step(WatchEvent event) {
    next = event.revision().next();
    return Optional.of(event);
  }

  /** Told after the search, so that events dropped meanwhile do not go unnoticed. */
  private Optional<WatchEvent> missing(History.Era searched, Revision from) {
    if (!from.isBefore(searched.oldest())) {
      return Optional.empty();
    }
    Snapshot now = snapshot.get();
    if (History.unchangedSince(range, from, now).isEmpty()) {
      return gone(List.of());
    }
    skipTo(now.revision().next());
    return Optional.empty();
  }

  /** From the end of an era into the one that followed it, if nothing can have been lost. */
  private Optional<WatchEvent> crossGap() {
    History.Era following = history.era();
    Snapshot now = snapshot.get();
    boolean restored = !following.oldest().isAfter(era.last());
    boolean beginsLater = start.isAfter(era.last()) && !start.isBefore(following.oldest());
    boolean unchanged = History.unchangedSince(range, next, now).isPresent();
    if (restored || !(beginsLater || unchanged)) {
      return gone(era.differences());
    }
    era = following;
    if (unchanged) {
      skipTo(now.revision().next());
    }
    return Optional.empty();
  }

  private Optional<WatchEvent> gone(List<WatchEvent> differences) {
    ended = true;
    List<WatchEvent> concerned =
        differences.stream().filter(event -> History.concerns(range, event)).toList();
    return Optional.of(new WatchEvent.HistoryGone(history.era().oldest(), concerned));
  }

  private void requireOpen() {
    if (history.closed()) {
      throw new UnavailableException("the store is closed");
    }
  }
}
