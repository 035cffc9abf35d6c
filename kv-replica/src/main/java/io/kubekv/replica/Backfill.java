package io.kubekv.replica;

import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches from the holder what it remembers of the time before the history here begins: once for
 * each list that the history here begins with. {@link #start} is called by one thread.
 */
final class Backfill {
  private static final Logger log = LoggerFactory.getLogger(Backfill.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int TRIES = 3;

  private final LocalReplica local;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile Revision done = Revision.ZERO;
  private int failures;

  Backfill(LocalReplica local) {
    this.local = local;
  }

  /**
   * Whether the history here reaches back as far as it can be made to. When the holder could not be
   * asked it stays as it is, and clients that come with an old revision are told so.
   */
  boolean isDone() {
    return done.equals(local.historyBase());
  }

  /**
   * Begins to fetch on a thread of its own, unless that was done or is being done.
   *
   * @param announced what this holder has announced: only then does it have every change up to it
   */
  void start(KeyValueStore holder, Revision announced) {
    Revision base = local.historyBase();
    boolean due = local.isFilled() && !isDone() && !announced.isBefore(base);
    if (due && running.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("kubekv-backfill")
          .start(
              () -> {
                try {
                  run(holder, base);
                } finally {
                  running.set(false);
                }
              });
    }
  }

  private void run(KeyValueStore holder, Revision base) {
    try (Watch watch = holder.watch(WatchRequest.fromOldest(Range.all()))) {
      Optional<List<WatchEvent>> earlier = read(watch, base);
      earlier.ifPresent(events -> local.backfill(base, watch.start(), events));
      log.info("the holder's history from {} to {}: {}", watch.start(), base, said(earlier));
      failures = 0;
      done = base;
    } catch (StoreException failure) {
      failures++;
      log.info("the holder's history cannot be read: {}", failure.getMessage());
      done = failures < TRIES ? done : base;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The changes up to {@code base}: those that were known to the holder when it was asked. Empty
   * when it does not have them all: another process may answer by now at the holder's address.
   */
  private static Optional<List<WatchEvent>> read(Watch watch, Revision base)
      throws InterruptedException {
    List<WatchEvent> earlier = new ArrayList<>();
    while (true) {
      Optional<WatchEvent> event = watch.next(PATIENCE);
      if (event.isEmpty() || event.get() instanceof WatchEvent.HistoryGone) {
        return Optional.empty();
      }
      if (event.get() instanceof WatchEvent.Progress knows) {
        return knows.revision().isBefore(base) ? Optional.empty() : Optional.of(earlier);
      }
      if (event.get().revision().isAfter(base)) {
        return Optional.of(earlier);
      }
      earlier.add(event.get());
    }
  }

  private static String said(Optional<List<WatchEvent>> earlier) {
    return earlier.map(events -> events.size() + " events").orElse("it did not tell all of it");
  }
}
