package io.kubekv.server.decorator;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.server.limits.Limit;
import io.kubekv.server.limits.LimitHits;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A store that gives no listing that is too large to be answered in one piece, and no client more
 * sessions than it may have. Everything else is the store's.
 */
public final class LimitedStore implements KeyValueStore {
  private final KeyValueStore store;
  private final long maxListBytes;
  private final LimitHits hits;
  private final Sessions sessions;

  /**
   * The store stays the caller's: closing this does nothing.
   *
   * @param maxListBytes of keys and values in one listing
   * @param hits where it is counted that a limit was met
   */
  public LimitedStore(KeyValueStore store, long maxListBytes, LimitHits hits) {
    this.store = store;
    this.maxListBytes = maxListBytes;
    this.hits = hits;
    this.sessions = new LimitedSessions(store.sessions());
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return bounded(store.list(request, freshness));
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    return store.listAtOnce(request, most).map(this::bounded);
  }

  private Listing bounded(Listing listing) {
    long bytes = 0;
    for (Entry entry : listing.entries()) {
      bytes += entry.key().size() + entry.value().size();
    }
    if (bytes > maxListBytes) {
      hits.refused(Limit.LIST_BYTES);
      throw new LimitExceededException("list size", "bytes", bytes, maxListBytes);
    }
    return listing;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    return store.get(key, freshness);
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    return store.getAtOnce(key);
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return store.beginGet(key, executor);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return store.revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    return store.put(request);
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    return store.putAtOnce(request, executor);
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    return store.delete(request);
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    return store.deleteAtOnce(request, executor);
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return store.deleteRange(range);
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    return store.transact(request);
  }

  @Override
  public Watch watch(WatchRequest request) {
    return store.watch(request);
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public Limits limits() {
    return store.limits();
  }

  @Override
  public long id() {
    return store.id();
  }

  @Override
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public void close() {
    // the store is not ours
  }
}
