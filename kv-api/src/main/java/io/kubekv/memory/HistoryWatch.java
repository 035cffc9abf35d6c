package io.kubekv.memory;

import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/** A cursor over the store's history: no queue of its own, and nothing to tell when it is freed. */
final class HistoryWatch implements Watch {
  private final Monitor monitor;
  private final Range range;
  private final Revision start;
  private final Revision replayedTo;
  private final Condition changed;
  private Revision next;
  private boolean progressDue = true;
  private volatile boolean ended;

  /** Begins on the ledger's state; the caller holds the store's lock. */
  HistoryWatch(Monitor monitor, WatchRequest request, Ledger ledger) {
    this.monitor = monitor;
    this.range = request.range();
    this.changed = monitor.newCondition();
    this.replayedTo = ledger.revision();
    this.next =
        switch (request.start()) {
          case WatchRequest.Now now -> ledger.revision().next();
          case WatchRequest.From from -> from.first();
          case WatchRequest.Oldest oldest -> ledger.history().oldest();
        };
    this.start = request.start() instanceof WatchRequest.Now ? replayedTo : next;
  }

  @Override
  public Revision start() {
    return start;
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    return ended ? Optional.empty() : monitor.await(this, atMost);
  }

  @Override
  public void close() {
    ended = true;
    monitor.wake(this);
  }

  /** Signalled when there may be more to see. */
  Condition changed() {
    return changed;
  }

  boolean ended() {
    return ended;
  }

  /** The next event that is already known; the caller holds the store's lock. */
  Optional<WatchEvent> poll(Ledger ledger) {
    Revision oldest = ledger.history().oldest();
    if (next.isBefore(oldest)) {
      if (!nothingHappened(ledger)) {
        ended = true;
        return Optional.of(new WatchEvent.HistoryGone(oldest));
      }
      next = oldest;
    }
    for (WatchEvent event : ledger.history().from(next)) {
      if (progressDue && event.revision().isAfter(replayedTo)) {
        break;
      }
      next = event.revision().next();
      if (History.concerns(range, event)) {
        return Optional.of(event);
      }
    }
    return progress();
  }

  private Optional<WatchEvent> progress() {
    if (!progressDue) {
      return Optional.empty();
    }
    progressDue = false;
    return Optional.of(new WatchEvent.Progress(replayedTo));
  }

  /** A value that stands and was last changed before the cursor has had no event since. */
  private boolean nothingHappened(Ledger ledger) {
    return range instanceof Range.Exact exact
        && ledger
            .contents()
            .get(exact.key())
            .filter(entry -> !entry.isDirectory() && entry.modifyRevision().isBefore(next))
            .isPresent();
  }
}
