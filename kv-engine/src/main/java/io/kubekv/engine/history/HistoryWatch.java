package io.kubekv.engine.history;

import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the history: no queue of its own, but for the rest of a revision that it has begun
 * to tell, which the history may have forgotten meanwhile. While it waits, only events of its range
 * wake it.
 */
final class HistoryWatch implements Watch {
  private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

  /** A wait of more than this needs no timer. */
  private static final long NO_TIMER_NANOS = Duration.ofDays(365).toNanos();

  private final History history;
  private final Range range;

  /** What all keys between two begin with; found once, and empty for other ranges. */
  private final String shared;

  private final Revision start;
  private final Revision replayedTo;
  private final Deque<WatchEvent> rest = new ArrayDeque<>(0);
  private Revision next;
  private boolean progressDue = true;

  /** It was to begin before what was compacted by then. */
  private final boolean isLate;

  private volatile boolean ended;
  private volatile @Nullable Thread sleeper;
  private volatile boolean woken;
  private final AtomicReference<@Nullable Runnable> callback = new AtomicReference<>();

  /**
   * Whether the history may still have it from {@link #whenReady}. The callback does not say that:
   * a wake-up for what was asked before, which comes late, may have taken it.
   */
  private volatile boolean asked;

  /** Begins on the history as it is; the caller holds its lock. */
  HistoryWatch(History history, WatchRequest request) {
    this.history = history;
    this.range = request.range();
    this.shared = range instanceof Range.Between ? range.below().map(Prefix::text).orElse("") : "";
    this.replayedTo = history.last().revision();
    this.next =
        switch (request.start()) {
          case WatchRequest.Now now -> replayedTo.next();
          case WatchRequest.From from -> from.first();
          case WatchRequest.Oldest oldest -> history.oldest();
        };
    this.start = request.start() instanceof WatchRequest.Now ? replayedTo : next;
    this.isLate = next.isBefore(history.last().compacted());
  }

  Range range() {
    return range;
  }

  /** What all its keys begin with, if it is one between two keys. */
  String shared() {
    return shared;
  }

  @Override
  public Revision start() {
    return start;
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    Duration patience = atMost.compareTo(LONGEST_WAIT) < 0 ? atMost : LONGEST_WAIT;
    long deadline = System.nanoTime() + patience.toNanos();
    forgetCallback();
    while (!ended) {
      requireOpen();
      Optional<WatchEvent> begun = Optional.ofNullable(rest.poll());
      if (begun.isPresent()) {
        return begun;
      }
      State known = history.last();
      Optional<WatchEvent> event = search(known);
      long left = deadline - System.nanoTime();
      if (event.isPresent() || left <= 0) {
        return event;
      }
      sleep(known, left);
    }
    return Optional.empty();
  }

  @Override
  public boolean isWithinRevision() {
    return !rest.isEmpty();
  }

  @Override
  public void whenReady(Runnable wake) {
    forgetCallback();
    State known = history.last();
    boolean seen = !progressDue && rest.isEmpty() && next.isAfter(known.revision());
    callback.set(wake);
    asked = true;
    if (ended || !seen || !history.await(this, known.revision())) {
      callBack();
    } else if (ended) {
      history.stopWaiting(this);
      callBack();
    }
  }

  /** What was to be called back does not wait any more. */
  private void forgetCallback() {
    if (asked) {
      callback.set(null);
      history.stopWaiting(this);
      asked = false;
    }
  }

  private void callBack() {
    Runnable wake = callback.getAndSet(null);
    if (wake != null) {
      wake.run();
    }
  }

  @Override
  public void close() {
    ended = true;
    if (asked) {
      history.stopWaiting(this);
    }
    wake();
  }

  /** Ends a wait; called without holding the history's lock. */
  void wake() {
    woken = true;
    LockSupport.unpark(sleeper);
    callBack();
  }

  /** Nothing before {@code revision} concerns this watch; the caller holds the history's lock. */
  void skipTo(Revision revision) {
    if (revision.isAfter(next)) {
      next = revision;
    }
  }

  private void sleep(State known, long nanos) throws InterruptedException {
    woken = false;
    sleeper = Thread.currentThread();
    if (!history.await(this, known.revision())) {
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

  private void park(long nanos) {
    if (nanos > NO_TIMER_NANOS) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /** The next event among those up to the state that is known, moving the cursor. */
  private Optional<WatchEvent> search(State known) {
    if (isLate) {
      return Optional.of(gone());
    }
    Revision from = next;
    Revision reaches = history.remembered();
    for (Page page : history.from(from)) {
      Optional<WatchEvent> event = search(page, from, known);
      if (event.isPresent()) {
        return missing(from, reaches).or(() -> event);
      }
    }
    Optional<WatchEvent> gone = missing(from, reaches);
    if (gone.isPresent()) {
      return gone;
    }
    if (progressDue) {
      progressDue = false;
      return Optional.of(new WatchEvent.Progress(replayedTo));
    }
    skipTo(known.revision().next());
    return Optional.empty();
  }

  private Optional<WatchEvent> search(Page page, Revision from, State known) {
    for (Step step : page.from(from)) {
      boolean late = progressDue && step.revision().isAfter(replayedTo);
      if (late || step.revision().isAfter(known.revision())) {
        return Optional.empty();
      }
      Optional<WatchEvent> event = search(step);
      if (event.isPresent()) {
        return event;
      }
    }
    return Optional.empty();
  }

  /** The first event of the range in one step; the others are the rest. */
  private Optional<WatchEvent> search(Step step) {
    skipTo(step.revision().next());
    for (WatchEvent event : step.events()) {
      if (History.concerns(range, event)) {
        rest.add(event);
      }
    }
    return Optional.ofNullable(rest.poll());
  }

  /**
   * Told after the search, so that steps dropped meanwhile do not go unnoticed; nor do those that
   * were added before the oldest.
   *
   * @param reached how far the history reached before the search
   */
  private Optional<WatchEvent> missing(Revision from, Revision reached) {
    Revision remembered = history.remembered();
    if (!from.isBefore(remembered) && !from.isBefore(reached)) {
      return Optional.empty();
    }
    State now = history.last();
    if (History.unchangedSince(range, from, now)) {
      skipTo(now.revision().next());
      return Optional.empty();
    }
    return Optional.of(gone());
  }

  private WatchEvent gone() {
    ended = true;
    rest.clear();
    return new WatchEvent.HistoryGone(history.oldest());
  }

  private void requireOpen() {
    history
        .closed()
        .ifPresent(
            reason -> {
              throw new UnavailableException(reason);
            });
  }
}
