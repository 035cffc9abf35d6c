package io.kubekv.grpc;

import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionListing;
import io.kubekv.UnavailableException;
import io.kubekv.v1.Kv;
import io.kubekv.v1.SessionsGrpc;
import io.kubekv.wire.Requests;
import io.kubekv.wire.SessionValues;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code kubekv.v1.Sessions} on the port. */
final class SessionsService extends SessionsGrpc.SessionsImplBase {
  /** Longer waits are answered after this time, and asked for again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final int SESSIONS_PER_MESSAGE = 500;

  /** Of keys; and one key more, of whatever size. */
  private static final int KEY_BYTES_PER_MESSAGE = 64 << 10;

  private final KeyValueStore store;
  private final Streams streams;
  private final Set<Thread> waiting;

  SessionsService(KeyValueStore store, Streams streams) {
    this(store, streams, ConcurrentHashMap.newKeySet());
  }

  private SessionsService(KeyValueStore store, Streams streams, Set<Thread> waiting) {
    this.store = store;
    this.streams = streams;
    this.waiting = waiting;
  }

  /** The same on another view of the store; it ends with this one. */
  SessionsService on(KeyValueStore view) {
    return new SessionsService(view, streams, waiting);
  }

  private record Read(SessionId id, Freshness freshness) {}

  private record Wait(Revision changed, Duration atMost) {}

  @Override
  public void create(
      Kv.CreateSessionRequest request, StreamObserver<Kv.CreateSessionResponse> client) {
    Answers.unary(
        client,
        () -> SessionValues.toPort(request.getSpec()),
        spec ->
            Kv.CreateSessionResponse.newBuilder()
                .setSession(SessionValues.toWire(Await.change(store.sessions().create(spec))))
                .build());
  }

  @Override
  public void renew(
      Kv.RenewSessionRequest request, StreamObserver<Kv.RenewSessionResponse> client) {
    Answers.unary(
        client,
        () -> Values.session(request.getId()),
        id -> {
          Optional<Session> renewed = Await.change(store.sessions().renew(id));
          Kv.RenewSessionResponse.Builder answer = Kv.RenewSessionResponse.newBuilder();
          renewed.ifPresent(session -> answer.setSession(SessionValues.toWire(session)));
          return answer.build();
        });
  }

  @Override
  public void takeUp(
      Kv.TakeUpSessionRequest request, StreamObserver<Kv.TakeUpSessionResponse> client) {
    Answers.unary(
        client,
        () -> Values.session(request.getId()),
        id -> {
          Optional<Session> taken = Await.change(store.sessions().takeUp(id));
          Kv.TakeUpSessionResponse.Builder answer = Kv.TakeUpSessionResponse.newBuilder();
          taken.ifPresent(session -> answer.setSession(SessionValues.toWire(session)));
          return answer.build();
        });
  }

  @Override
  public void destroy(
      Kv.DestroySessionRequest request, StreamObserver<Kv.DestroySessionResponse> client) {
    Answers.unary(
        client,
        () -> Values.session(request.getId()),
        id ->
            Kv.DestroySessionResponse.newBuilder()
                .setExisted(Await.change(store.sessions().destroy(id)))
                .build());
  }

  @Override
  public void get(Kv.GetSessionRequest request, StreamObserver<Kv.GetSessionResponse> client) {
    Answers.unary(
        client,
        () -> new Read(Values.session(request.getId()), Requests.toPort(request.getFreshness())),
        read ->
            SessionValues.toWire(Await.read(store.sessions().get(read.id(), read.freshness()))));
  }

  @Override
  public void list(Kv.ListSessionsRequest request, StreamObserver<Kv.ListSessionsResponse> client) {
    streams.answer(
        client,
        outlet ->
            send(
                Await.read(store.sessions().list(Requests.toPort(request.getFreshness()))),
                outlet));
  }

  private static void send(SessionListing listing, Outlet<Kv.ListSessionsResponse> outlet)
      throws InterruptedException {
    List<Session> sessions = listing.sessions();
    int from = 0;
    boolean goesOn = true;
    while (goesOn) {
      int to = Math.min(sessions.size(), from + SESSIONS_PER_MESSAGE);
      Kv.ListSessionsResponse.Builder part =
          Kv.ListSessionsResponse.newBuilder().setChanged(listing.changed().value());
      sessions.subList(from, to).forEach(each -> part.addSessions(SessionValues.toWire(each)));
      goesOn = outlet.send(part.build()) && to < sessions.size();
      from = to;
    }
  }

  @Override
  public void listKeys(
      Kv.ListSessionKeysRequest request, StreamObserver<Kv.ListSessionKeysResponse> client) {
    streams.answer(
        client,
        outlet -> {
          Read read =
              Answers.parse(
                  () ->
                      new Read(
                          Values.session(request.getId()),
                          Requests.toPort(request.getFreshness())));
          send(Await.read(store.sessions().keys(read.id(), read.freshness())), outlet);
        });
  }

  private static void send(SessionKeys found, Outlet<Kv.ListSessionKeysResponse> outlet)
      throws InterruptedException {
    Iterator<Key> keys = found.keys().iterator();
    boolean goesOn = true;
    while (goesOn) {
      Kv.ListSessionKeysResponse.Builder part =
          Kv.ListSessionKeysResponse.newBuilder().setRevision(found.revision().value());
      found.session().map(SessionValues::toWire).ifPresent(part::setSession);
      for (int bytes = 0; bytes < KEY_BYTES_PER_MESSAGE && keys.hasNext(); ) {
        Key key = keys.next();
        part.addKeys(key.text());
        bytes += key.size();
      }
      goesOn = outlet.send(part.build()) && keys.hasNext();
    }
  }

  @Override
  public void awaitChange(
      Kv.AwaitSessionChangeRequest request, StreamObserver<Kv.AwaitSessionChangeResponse> client) {
    Answers.unary(
        client,
        () -> new Wait(new Revision(request.getChanged()), Values.toPort(request.getAtMost())),
        wait -> Kv.AwaitSessionChangeResponse.newBuilder().setChanged(hasChanged(wait)).build());
  }

  private boolean hasChanged(Wait wait) {
    Duration atMost = wait.atMost().compareTo(LONGEST_WAIT) < 0 ? wait.atMost() : LONGEST_WAIT;
    waiting.add(Thread.currentThread());
    try {
      return Await.interruptibly(store.sessions().awaitChange(wait.changed(), atMost));
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the call was cancelled, or the server stops");
    } finally {
      waiting.remove(Thread.currentThread());
    }
  }

  /** Lets nobody wait any more: the end of the server must not wait for them. */
  void end() {
    waiting.forEach(Thread::interrupt);
  }
}
