package io.kubekv.grpc;

import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.StoreException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Watches one key for its lock. Only the latest event is kept: who holds the key is said by the
 * entry as it is. Runs on a thread of its own until it is closed.
 */
final class KeyEvents implements Runnable, AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofDays(1);

  private final KeyValueStore store;
  private final Key key;
  private final Runnable begun;
  private final Runnable changed;
  private final AtomicReference<@Nullable WatchEvent> latest = new AtomicReference<>();
  private final AtomicReference<@Nullable Watch> open = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param begun told when a watch has begun: what happened before is not among its events
   * @param changed told when there is an event to {@link #take}
   */
  KeyEvents(KeyValueStore store, Key key, Runnable begun, Runnable changed) {
    this.store = store;
    this.key = key;
    this.begun = begun;
    this.changed = changed;
  }

  /** The latest change since the last call. */
  Optional<KeyChange> take() {
    return Optional.ofNullable(latest.getAndSet(null)).flatMap(KeyChange::of);
  }

  @Override
  public void run() {
    try {
      while (closed.getCount() > 0) {
        follow();
        closed.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the watch ends; by {@link #close}, or because the store or the history is gone. */
  private void follow() throws InterruptedException {
    try (Watch watch = store.watch(WatchRequest.fromNow(new Range.Exact(key)))) {
      open.set(watch);
      begun.run();
      while (closed.getCount() > 0) {
        Optional<WatchEvent> event = watch.next(LONG);
        if (event.isPresent() && !pass(event.get())) {
          return;
        }
      }
    } catch (StoreException passing) {
      open.set(null);
    }
  }

  private boolean pass(WatchEvent event) {
    if (event instanceof WatchEvent.HistoryGone) {
      return false;
    }
    if (!(event instanceof WatchEvent.Progress) && latest.getAndSet(event) == null) {
      changed.run();
    }
    return true;
  }

  @Override
  public void close() {
    closed.countDown();
    Watch watch = open.get();
    if (watch != null) {
      watch.close();
    }
  }
}
