package io.kubekv.client;

import io.grpc.ManagedChannel;
import io.kubekv.Await;
import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.Promise;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Listings;
import io.kubekv.wire.Outcomes;
import io.kubekv.wire.Requests;
import io.kubekv.wire.TransactionOutcomes;
import io.kubekv.wire.TransactionRequests;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The port over {@code kubekv.v1}: a store that is somewhere else. It keeps the promises that the
 * store there keeps, and adds what a network takes: a change whose answer is lost is {@link
 * io.kubekv.OutcomeUnknownException}, one that never left is {@link UnavailableException}; a read
 * is sent again once when its connection breaks; a watch goes on after the last revision that it
 * has delivered, on the next connection.
 *
 * <p>Every call is bounded by the timeout given to {@link #over}, and answered by a thread of the
 * channel's. {@link #limits}, {@link #id} and {@link #capabilities} ask the server once, and block
 * until it was reached. {@link #status} tells what was heard last, and asks anew in the background.
 */
public final class RemoteStore implements KeyValueStore {
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final ManagedChannel channel;
  private final Calls calls;
  private final KnownStatus status;
  private final RemoteSessions sessions;
  private final Set<RemoteWatch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private RemoteStore(ManagedChannel channel, Duration timeout) {
    this.channel = channel;
    this.calls = new Calls(new Reconnecting(channel), timeout);
    this.status = new KnownStatus(calls);
    this.sessions = new RemoteSessions(this, calls);
  }

  /**
   * A store at the other end of a channel. Does not wait for a connection.
   *
   * @param channel how to get there; taken over, and shut down by {@link #close}. Give it
   *     keep-alive pings (10 s): without them a watch never learns of a connection that died
   *     silently
   * @param timeout how long a call may take: more than the server's own request timeout, or an
   *     answer of the server's is missed that says more
   */
  public static RemoteStore over(ManagedChannel channel, Duration timeout) {
    RemoteStore store = new RemoteStore(channel, timeout);
    store.status.refresh();
    return store;
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return Promise.of(
        () -> {
          requireOpen();
          Kv.GetRequest request =
              Kv.GetRequest.newBuilder()
                  .setKey(key.text())
                  .setFreshness(Requests.toWire(freshness))
                  .build();
          return calls.read(KeyValueGrpc.getGetMethod(), request).thenApply(Outcomes::toPort);
        });
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return Promise.of(
        () -> {
          requireOpen();
          return calls
              .readAll(KeyValueGrpc.getListMethod(), Requests.toWire(request, freshness))
              .thenApply(Listings::toPort);
        });
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return Promise.of(
        () -> {
          requireOpen();
          Kv.DirectoryRequest request =
              Kv.DirectoryRequest.newBuilder()
                  .setDirectory(directory.text())
                  .setFreshness(Requests.toWire(freshness))
                  .build();
          return calls.read(KeyValueGrpc.getDirectoryMethod(), request).thenApply(Outcomes::toPort);
        });
  }

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return Promise.of(
        () -> {
          requireOpen();
          Kv.RevisionRequest request =
              Kv.RevisionRequest.newBuilder().setFreshness(Requests.toWire(freshness)).build();
          return calls
              .read(KeyValueGrpc.getRevisionMethod(), request)
              .thenApply(answer -> new Revision(answer.getRevision()));
        });
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return Promise.of(
        () -> {
          requireOpen();
          status.limits().ifPresent(limits -> limits.check(request));
          return calls
              .change(KeyValueGrpc.getPutMethod(), Requests.toWire(request))
              .thenApply(Outcomes::toPort);
        });
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return Promise.of(
        () -> {
          requireOpen();
          return calls
              .change(KeyValueGrpc.getDeleteMethod(), Requests.toWire(request))
              .thenApply(Outcomes::toPort);
        });
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return Promise.of(
        () -> {
          requireOpen();
          return calls
              .change(KeyValueGrpc.getDeleteRangeMethod(), Requests.toWire(request))
              .thenApply(Outcomes::toPort);
        });
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return Promise.of(
        () -> {
          requireOpen();
          status.limits().ifPresent(limits -> limits.check(request));
          Kv.TransactRequest wire = TransactionRequests.toWire(request);
          return (request.onlyReads()
                  ? calls.readAll(KeyValueGrpc.getTransactMethod(), wire)
                  : calls.changeAll(KeyValueGrpc.getTransactMethod(), wire))
              .thenApply(TransactionOutcomes::toPort);
        });
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return Promise.of(
        () -> {
          requireOpen();
          Kv.CompactRequest request =
              Kv.CompactRequest.newBuilder().setFirstRevision(first.value()).build();
          return calls
              .change(KeyValueGrpc.getCompactMethod(), request)
              .thenApply(answer -> new Revision(answer.getRevision()));
        });
  }

  @Override
  public Watch watch(WatchRequest request) {
    requireOpen();
    RemoteWatch watch = new RemoteWatch(calls, request, watches::remove);
    watches.add(watch);
    if (closed) {
      watch.storeClosed();
    }
    try {
      watch.begin();
      return watch;
    } catch (RuntimeException failure) {
      watch.close();
      throw failure;
    }
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    requireOpen();
    return Outcomes.capabilities(status.require());
  }

  @Override
  public Limits limits() {
    requireOpen();
    return Outcomes.toPort(status.require().getLimits());
  }

  @Override
  public long id() {
    requireOpen();
    return status.require().getId();
  }

  @Override
  public StoreStatus status() {
    return status.now(closed);
  }

  /** How the replica that answers is, and what it knows of the others. */
  public ReplicaStatus replica() {
    requireOpen();
    return ReplicaStatus.of(
        Await.read(
            calls.read(
                ReplicasGrpc.getStatusMethod(), ReplicaProto.StatusRequest.getDefaultInstance())));
  }

  @Override
  public void close() {
    closed = true;
    watches.forEach(RemoteWatch::storeClosed);
    sessions.storeClosed();
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSING.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  Calls calls() {
    return calls;
  }

  void requireOpen() {
    if (closed) {
      throw new UnavailableException("the store is closed");
    }
  }

  boolean isClosed() {
    return closed;
  }
}
