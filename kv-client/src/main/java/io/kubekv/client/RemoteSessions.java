package io.kubekv.client;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Promise;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.v1.Kv;
import io.kubekv.v1.SessionsGrpc;
import io.kubekv.wire.Requests;
import io.kubekv.wire.SessionValues;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The sessions of a store that is somewhere else. */
final class RemoteSessions implements Sessions {
  /** How long one call waits for a change before the next one does. */
  private static final Duration TURN = Duration.ofSeconds(20);

  private final RemoteStore store;
  private final Calls calls;
  private final Set<Wait> waiting = ConcurrentHashMap.newKeySet();

  RemoteSessions(RemoteStore store, Calls calls) {
    this.store = store;
    this.calls = calls;
  }

  /** Sent once more when its answer is lost: the id makes that safe. */
  @Override
  public CompletableFuture<Session> create(SessionSpec spec) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.CreateSessionRequest request =
              Kv.CreateSessionRequest.newBuilder().setSpec(SessionValues.toWire(spec)).build();
          return calls
              .change(SessionsGrpc.getCreateMethod(), request)
              .exceptionallyCompose(
                  failure ->
                      Await.cause(failure) instanceof OutcomeUnknownException
                          ? calls.change(SessionsGrpc.getCreateMethod(), request)
                          : CompletableFuture.failedFuture(failure))
              .thenApply(answer -> SessionValues.toPort(answer.getSession()));
        });
  }

  @Override
  public CompletableFuture<Optional<Session>> renew(SessionId id) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.RenewSessionRequest request =
              Kv.RenewSessionRequest.newBuilder().setId(id.toString()).build();
          return calls
              .read(SessionsGrpc.getRenewMethod(), request)
              .thenApply(
                  answer ->
                      answer.hasSession()
                          ? Optional.of(SessionValues.toPort(answer.getSession()))
                          : Optional.empty());
        });
  }

  /** Sent once: late, it would keep out who has taken the session up since. */
  @Override
  public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.TakeUpSessionRequest request =
              Kv.TakeUpSessionRequest.newBuilder().setId(id.toString()).build();
          return calls
              .change(SessionsGrpc.getTakeUpMethod(), request)
              .thenApply(
                  answer ->
                      answer.hasSession()
                          ? Optional.of(SessionValues.toPort(answer.getSession()))
                          : Optional.empty());
        });
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.DestroySessionRequest request =
              Kv.DestroySessionRequest.newBuilder().setId(id.toString()).build();
          return calls
              .change(SessionsGrpc.getDestroyMethod(), request)
              .thenApply(Kv.DestroySessionResponse::getExisted);
        });
  }

  @Override
  public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.GetSessionRequest request =
              Kv.GetSessionRequest.newBuilder()
                  .setId(id.toString())
                  .setFreshness(Requests.toWire(freshness))
                  .build();
          return calls.read(SessionsGrpc.getGetMethod(), request).thenApply(SessionValues::toPort);
        });
  }

  @Override
  public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.ListSessionKeysRequest request =
              Kv.ListSessionKeysRequest.newBuilder()
                  .setId(id.toString())
                  .setFreshness(Requests.toWire(freshness))
                  .build();
          return calls
              .readAll(SessionsGrpc.getListKeysMethod(), request)
              .thenApply(RemoteSessions::keys);
        });
  }

  private static SessionKeys keys(List<Kv.ListSessionKeysResponse> parts) {
    Optional<Session> session = Optional.empty();
    List<Key> keys = new ArrayList<>();
    Revision revision = Revision.ZERO;
    for (Kv.ListSessionKeysResponse part : parts) {
      session =
          part.hasSession()
              ? Optional.of(SessionValues.toPort(part.getSession()))
              : Optional.empty();
      part.getKeysList().forEach(key -> keys.add(Key.of(key)));
      revision = new Revision(part.getRevision());
    }
    return new SessionKeys(session, keys, revision);
  }

  @Override
  public CompletableFuture<SessionListing> list(Freshness freshness) {
    return Promise.of(
        () -> {
          store.requireOpen();
          Kv.ListSessionsRequest request =
              Kv.ListSessionsRequest.newBuilder().setFreshness(Requests.toWire(freshness)).build();
          return calls
              .readAll(SessionsGrpc.getListMethod(), request)
              .thenApply(RemoteSessions::listing);
        });
  }

  private static SessionListing listing(List<Kv.ListSessionsResponse> parts) {
    List<Session> sessions = new ArrayList<>();
    Revision changed = Revision.ZERO;
    for (Kv.ListSessionsResponse part : parts) {
      part.getSessionsList().forEach(each -> sessions.add(SessionValues.toPort(each)));
      changed = new Revision(part.getChanged());
    }
    return new SessionListing(sessions, changed);
  }

  @Override
  public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
    Wait wait = new Wait(changed, atMost);
    waiting.add(wait);
    var unused = wait.answer.whenComplete((known, failure) -> wait.over());
    wait.ask(atMost);
    return wait.answer;
  }

  void storeClosed() {
    waiting.forEach(each -> each.answer.complete(false));
  }

  /** Somebody who waits for a change: for as long as one call may, again and again. */
  private final class Wait {
    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();
    private final Revision changed;
    private final Duration atMost;
    private final long begun = System.nanoTime();
    private volatile CompletableFuture<?> asked = CompletableFuture.completedFuture(false);

    Wait(Revision changed, Duration atMost) {
      this.changed = changed;
      this.atMost = atMost;
    }

    void over() {
      waiting.remove(this);
      asked.cancel(false);
    }

    void ask(Duration left) {
      if (store.isClosed()) {
        answer.complete(false);
        return;
      }
      Duration turn = left.compareTo(TURN) < 0 ? left : TURN;
      CompletableFuture<Kv.AwaitSessionChangeResponse> call =
          calls.one(
              SessionsGrpc.getAwaitChangeMethod(),
              Calls.endless()
                  .withDeadlineAfter(turn.plus(calls.timeout()).toNanos(), TimeUnit.NANOSECONDS),
              Kv.AwaitSessionChangeRequest.newBuilder()
                  .setChanged(changed.value())
                  .setAtMost(Values.toWire(turn))
                  .build());
      asked = call;
      if (answer.isDone()) {
        call.cancel(false);
      }
      var unused = call.whenComplete(this::told);
    }

    private void told(Kv.@Nullable AwaitSessionChangeResponse told, @Nullable Throwable failure) {
      Duration left = atMost.minusNanos(System.nanoTime() - begun);
      if (failure != null) {
        failed(failure);
      } else if (told != null && told.getChanged()) {
        answer.complete(true);
      } else if (!left.isPositive()) {
        answer.complete(false);
      } else {
        ask(left);
      }
    }

    private void failed(Throwable failure) {
      if (store.isClosed()) {
        answer.complete(false);
      } else {
        answer.completeExceptionally(Calls.ofRead(Calls.status(failure)));
      }
    }
  }
}
