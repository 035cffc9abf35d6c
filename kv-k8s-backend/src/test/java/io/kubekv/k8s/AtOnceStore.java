package io.kubekv.k8s;

import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.contract.ForwardingStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A store whose calls go the way without a thread, wherever it lets them. */
final class AtOnceStore extends ForwardingStore {
  private static final int MOST = 1000;

  private final KeyValueStore store;
  private final Executor executor;

  AtOnceStore(KeyValueStore store, Executor executor) {
    super(store);
    this.store = store;
    this.executor = executor;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    return linearizable(freshness, () -> store.getAtOnce(key))
        .orElseGet(() -> store.get(key, freshness));
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return linearizable(freshness, () -> store.listAtOnce(request, MOST))
        .orElseGet(() -> store.list(request, freshness));
  }

  @Override
  public PutOutcome put(PutRequest request) {
    return store
        .putAtOnce(request, executor)
        .map(AtOnceStore::await)
        .orElseGet(() -> store.put(request));
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    return store
        .deleteAtOnce(request, executor)
        .map(AtOnceStore::await)
        .orElseGet(() -> store.delete(request));
  }

  private static <T> Optional<T> linearizable(Freshness freshness, Supplier<Optional<T>> read) {
    return freshness instanceof Freshness.Linearizable ? read.get() : Optional.empty();
  }

  private static <T> T await(CompletableFuture<T> coming) {
    try {
      return coming.get();
    } catch (ExecutionException failed) {
      throw (RuntimeException) failed.getCause();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted while waiting for a write that has begun");
    }
  }
}
