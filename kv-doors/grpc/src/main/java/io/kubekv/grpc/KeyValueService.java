package io.kubekv.grpc;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.transport.limits.Use;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Events;
import io.kubekv.wire.Listings;
import io.kubekv.wire.Outcomes;
import io.kubekv.wire.Requests;
import io.kubekv.wire.TransactionOutcomes;
import io.kubekv.wire.TransactionRequests;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code kubekv.v1.KeyValue} on the port. */
final class KeyValueService extends KeyValueGrpc.KeyValueImplBase {
  private final KeyValueStore store;
  private final Streams streams;
  private final Executor threads;
  private final Duration progress;

  /**
   * @param threads where a get is answered that the store does not answer at once, or of the past
   * @param progress how long a quiet watch waits before it says how far it has come
   */
  KeyValueService(KeyValueStore store, Streams streams, Executor threads, Duration progress) {
    this.store = store;
    this.streams = streams;
    this.threads = threads;
    this.progress = progress;
  }

  private record Read<T>(T what, Freshness freshness) {}

  /**
   * The one call that an event loop makes ({@link SharedServices}), unless it is about a past
   * state, which the store may have to make again.
   */
  @Override
  public void get(Kv.GetRequest request, StreamObserver<Kv.GetResponse> client) {
    Supplier<Read<Key>> parsing =
        () -> new Read<>(Key.of(request.getKey()), Requests.toPort(request.getFreshness()));
    Function<Read<Key>, CompletableFuture<Lookup>> question =
        read -> store.get(read.what(), read.freshness());
    if (request.getFreshness().hasAt()) {
      onThread(
          () ->
              Answers.unary(
                  client, parsing, read -> Outcomes.toWire(Await.read(question.apply(read)))));
    } else {
      Answers.unary(client, parsing, question, threads, Outcomes::toWire);
    }
  }

  /** Goes on with the call on a thread that may wait. */
  private void onThread(Runnable work) {
    Runnable withContext = Context.current().wrap(work);
    Optional<Use> use = Use.current();
    threads.execute(use.isEmpty() ? withContext : () -> use.get().run(withContext));
  }

  @Override
  public void list(Kv.ListRequest request, StreamObserver<Kv.ListResponse> client) {
    streams.answer(
        client,
        outlet -> {
          ListRequest list = Answers.parse(() -> Requests.toPort(request));
          Freshness freshness = Requests.toPort(request.getFreshness());
          Listings.send(Await.read(store.list(list, freshness)), outlet::sendPart);
        });
  }

  @Override
  public void directory(Kv.DirectoryRequest request, StreamObserver<Kv.DirectoryResponse> client) {
    Answers.unary(
        client,
        () ->
            new Read<>(new Prefix(request.getDirectory()), Requests.toPort(request.getFreshness())),
        read -> Outcomes.toWire(Await.read(store.directory(read.what(), read.freshness()))));
  }

  @Override
  public void revision(Kv.RevisionRequest request, StreamObserver<Kv.RevisionResponse> client) {
    Answers.unary(
        client,
        () -> Requests.toPort(request.getFreshness()),
        freshness ->
            Kv.RevisionResponse.newBuilder()
                .setRevision(Await.read(store.revision(freshness)).value())
                .build());
  }

  @Override
  public void put(Kv.PutRequest request, StreamObserver<Kv.PutResponse> client) {
    Answers.unary(
        client,
        () -> Requests.toPort(request),
        put -> Outcomes.toWire(Await.change(store.put(put))));
  }

  @Override
  public void delete(Kv.DeleteRequest request, StreamObserver<Kv.DeleteResponse> client) {
    Answers.unary(
        client,
        () -> Requests.toPort(request),
        delete -> Outcomes.toWire(Await.change(store.delete(delete))));
  }

  @Override
  public void deleteRange(
      Kv.DeleteRangeRequest request, StreamObserver<Kv.DeleteRangeResponse> client) {
    Answers.unary(
        client,
        () -> Requests.toPort(request),
        delete -> Outcomes.toWire(Await.change(store.deleteRange(delete))));
  }

  @Override
  public void compact(Kv.CompactRequest request, StreamObserver<Kv.CompactResponse> client) {
    Answers.unary(
        client,
        () -> new Revision(request.getFirstRevision()),
        first ->
            Kv.CompactResponse.newBuilder()
                .setRevision(Await.change(store.compact(first)).value())
                .build());
  }

  @Override
  public void transact(Kv.TransactRequest request, StreamObserver<Kv.TransactResponse> client) {
    streams.answer(
        client,
        outlet -> {
          TransactionRequest parsed = Answers.parse(() -> TransactionRequests.toPort(request));
          TransactionOutcomes.send(Await.change(store.transact(parsed)), outlet::sendPart);
        });
  }

  @Override
  public void status(Kv.StatusRequest request, StreamObserver<Kv.StatusResponse> client) {
    Answers.unary(
        client,
        store::status,
        status -> Outcomes.toWire(store.id(), status, store.limits(), store.capabilities()));
  }

  @Override
  public void watch(Kv.WatchRequest request, StreamObserver<Kv.WatchResponse> client) {
    streams.last(client, outlet -> watch(Answers.parse(() -> Requests.toPort(request)), outlet));
  }

  /**
   * A watch of the store is a cursor over its history: while the client does not read, nothing is
   * kept for it, and the store says when the history has overtaken it.
   */
  private void watch(WatchRequest request, Outlet<Kv.WatchResponse> outlet)
      throws InterruptedException {
    try (Watch watch = store.watch(request)) {
      outlet.whenOver(watch::close);
      boolean goesOn = outlet.send(started(watch));
      while (goesOn) {
        goesOn = passOn(watch, outlet);
      }
    }
  }

  private Kv.WatchResponse started(Watch watch) {
    return Kv.WatchResponse.newBuilder()
        .setStarted(
            Kv.WatchResponse.Started.newBuilder()
                .setRevision(watch.start().value())
                .setStoreId(store.id()))
        .build();
  }

  /**
   * Sends the next event, or after a quiet time how far the watch has come: as far as the store was
   * known to be when that time began, for all events up to there have reached the watch since.
   */
  private boolean passOn(Watch watch, Outlet<Kv.WatchResponse> outlet) throws InterruptedException {
    Revision known = store.status().revision();
    Optional<WatchEvent> event = watch.next(progress);
    if (event.isEmpty()) {
      return !outlet.isOver() && outlet.send(Events.progress(known));
    }
    for (Kv.WatchResponse message : Events.toWire(event.get(), watch.isWithinRevision())) {
      if (!outlet.send(message)) {
        return false;
      }
    }
    return !(event.get() instanceof WatchEvent.HistoryGone);
  }
}
