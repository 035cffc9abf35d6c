package io.kubekv;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A store that passes everything on to another: the base of what wraps a store, which overrides
 * what differs. An operation that the port gets reaches every wrapper by way of this class.
 */
public abstract class DelegatingStore implements KeyValueStore {
  private final KeyValueStore inner;

  protected DelegatingStore(KeyValueStore inner) {
    this.inner = inner;
  }

  /** The store that everything is passed on to. */
  protected final KeyValueStore inner() {
    return inner;
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return inner.get(key, freshness);
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return inner.list(request, freshness);
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return inner.directory(directory, freshness);
  }

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return inner.revision(freshness);
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return inner.put(request);
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return inner.delete(request);
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return inner.deleteRange(request);
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return inner.transact(request);
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return inner.compact(first);
  }

  @Override
  public Watch watch(WatchRequest request) {
    return inner.watch(request);
  }

  @Override
  public Sessions sessions() {
    return inner.sessions();
  }

  @Override
  public Set<Capability> capabilities() {
    return inner.capabilities();
  }

  @Override
  public Limits limits() {
    return inner.limits();
  }

  @Override
  public long id() {
    return inner.id();
  }

  @Override
  public StoreStatus status() {
    return inner.status();
  }

  /** Closes the other store. */
  @Override
  public void close() {
    inner.close();
  }
}
