package io.kubekv.contract;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A store that passes everything on; what wraps a store overrides what differs. */
public abstract class ForwardingStore implements KeyValueStore {
  private final KeyValueStore inner;

  protected ForwardingStore(KeyValueStore inner) {
    this.inner = inner;
  }

  KeyValueStore inner() {
    return inner;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    return inner.get(key, freshness);
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    return inner.getAtOnce(key);
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return inner.beginGet(key, executor);
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return inner.list(request, freshness);
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    return inner.listAtOnce(request, most);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return inner.revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    return inner.put(request);
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    return inner.delete(request);
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    return inner.putAtOnce(request, executor);
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    return inner.deleteAtOnce(request, executor);
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return inner.deleteRange(range);
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    return inner.transact(request);
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

  @Override
  public void close() {
    inner.close();
  }
}
