package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import java.util.concurrent.CompletableFuture;

/** Stores that forget too much or too little on request: promise 4. */
final class BrokenCompactions {
  private BrokenCompactions() {}

  /** Says that it has forgotten. */
  static final class Nothing extends DelegatingStore {
    Nothing(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> compact(Revision first) {
      return revision(Freshness.LINEARIZABLE);
    }
  }

  /** Leaves what stands. */
  static final class Everything extends DelegatingStore {
    Everything(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> compact(Revision first) {
      return revision(Freshness.LINEARIZABLE)
          .thenCompose(now -> super.compact(first.isAfter(now) ? first : now));
    }
  }

  /** Takes what was said before for said now. */
  static final class Again extends DelegatingStore {
    Again(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> compact(Revision first) {
      return super.compact(first)
          .exceptionallyCompose(
              failure ->
                  Await.cause(failure) instanceof CompactedException
                      ? revision(Freshness.LINEARIZABLE)
                      : CompletableFuture.failedFuture(failure));
    }
  }
}
