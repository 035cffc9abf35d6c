package io.kubekv.etcdv3.recipe;

import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.etcdv3.call.Failures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Waits without a thread until a key has no entry any more. */
final class Gone {
  private final Watch watch;
  private final Executor threads;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private Gone(Watch watch, Executor threads) {
    this.watch = watch;
    this.threads = threads;
  }

  /**
   * Complete when the key was deleted, or may have been: look again. Who no longer waits cancels
   * it.
   *
   * @param since the revision at which it stood
   */
  static CompletableFuture<Void> of(
      Key key, Revision since, KeyValueStore store, Executor threads) {
    Gone waiting =
        new Gone(store.watch(WatchRequest.from(new Range.Exact(key), since.next())), threads);
    var unused = waiting.gone.whenComplete((done, failure) -> waiting.watch.close());
    threads.execute(waiting::look);
    return waiting.gone;
  }

  private void look() {
    try {
      Optional<WatchEvent> event = watch.next(Duration.ZERO);
      while (event.isPresent()) {
        if (event.get() instanceof WatchEvent.Delete
            || event.get() instanceof WatchEvent.HistoryGone) {
          gone.complete(null);
          return;
        }
        event = watch.next(Duration.ZERO);
      }
      if (!gone.isDone()) {
        watch.whenReady(() -> threads.execute(this::look));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      gone.completeExceptionally(Failures.STOPPED.asRuntimeException());
    } catch (RuntimeException failure) {
      gone.completeExceptionally(failure);
    }
  }
}
