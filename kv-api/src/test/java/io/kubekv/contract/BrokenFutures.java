package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Stores whose futures are none: promise 10. */
final class BrokenFutures {
  /** By then whoever has called has said what is to follow. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

  private BrokenFutures() {}

  /** The call returns when the answer is there. */
  static final class WaitsInPut extends DelegatingStore {
    WaitsInPut(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      if (!FuturesContract.isOfThese(request.key())) {
        return super.put(request);
      }
      CompletableFuture<PutOutcome> coming =
          CompletableFuture.supplyAsync(() -> Await.change(super.put(request)), LATER);
      return Answered.by(() -> Await.change(coming));
    }
  }

  static final class WaitsForRevisions extends DelegatingStore {
    WaitsForRevisions(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      CompletableFuture<Lookup> coming = super.get(key, freshness);
      return freshness instanceof Freshness.AtLeast
          ? Answered.by(() -> Await.read(coming))
          : coming;
    }
  }

  static final class ThrowsLimits extends DelegatingStore {
    ThrowsLimits(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      limits().check(request);
      return super.put(request);
    }
  }

  /** What it knows takes a thread all the same. */
  static final class NeverAtOnce extends DelegatingStore {
    NeverAtOnce(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> revision(Freshness freshness) {
      CompletableFuture<Revision> known = super.revision(freshness);
      return known.thenApplyAsync(revision -> revision, LATER);
    }
  }

  /** Whoever calls again when it is told waits for the one who tells: himself. */
  static final class WaitsForItself extends DelegatingStore {
    private final ThreadLocal<Boolean> telling = ThreadLocal.withInitial(() -> false);

    WaitsForItself(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      if (!FuturesContract.isOfThese(request.key())) {
        return super.put(request);
      }
      CompletableFuture<PutOutcome> told = new CompletableFuture<>();
      if (!telling.get()) {
        PutOutcome outcome = Await.change(super.put(request));
        LATER.execute(
            () -> {
              telling.set(true);
              told.complete(outcome);
            });
      }
      return told;
    }
  }

  /** Who waits for a change of sessions hears of none, and of no end either. */
  static final class ForgetsWhoWaits extends DelegatingStore {
    ForgetsWhoWaits(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public Sessions sessions() {
      return new DelegatingSessions(super.sessions()) {
        @Override
        public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
          CompletableFuture<Boolean> coming = super.awaitChange(changed, atMost);
          return atMost.compareTo(FuturesContract.LONG) < 0
              ? coming
              : coming.thenCompose(told -> told ? coming : new CompletableFuture<>());
        }
      };
    }
  }

  /** Who cancels takes the change back. */
  static final class StopsWhatIsCancelled extends DelegatingStore {
    StopsWhatIsCancelled(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      if (!FuturesContract.isOfThese(request.key())) {
        return super.put(request);
      }
      CompletableFuture<PutOutcome> coming = new CompletableFuture<>();
      LATER.execute(
          () -> {
            if (!coming.isCancelled()) {
              coming.complete(Await.change(super.put(request)));
            }
          });
      return coming;
    }
  }
}
