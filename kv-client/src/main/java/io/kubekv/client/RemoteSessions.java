package io.kubekv.client;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.kubekv.Freshness;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The sessions of a store that is somewhere else. */
final class RemoteSessions implements Sessions {
  /** How long one call waits for a change before the next one does. */
  private static final Duration TURN = Duration.ofSeconds(20);

  private final RemoteStore store;
  private final Calls calls;
  private final Set<Future<?>> waiting = ConcurrentHashMap.newKeySet();

  RemoteSessions(RemoteStore store, Calls calls) {
    this.store = store;
    this.calls = calls;
  }

  /** Sent once more when its answer is lost: the id makes that safe. */
  @Override
  public Session create(SessionSpec spec) {
    store.requireOpen();
    Kv.CreateSessionRequest request =
        Kv.CreateSessionRequest.newBuilder().setSpec(SessionValues.toWire(spec)).build();
    return SessionValues.toPort(create(request).getSession());
  }

  private Kv.CreateSessionResponse create(Kv.CreateSessionRequest request) {
    try {
      return calls.change(SessionsGrpc.getCreateMethod(), request);
    } catch (OutcomeUnknownException lost) {
      return calls.change(SessionsGrpc.getCreateMethod(), request);
    }
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    store.requireOpen();
    Kv.RenewSessionRequest request =
        Kv.RenewSessionRequest.newBuilder().setId(id.toString()).build();
    Kv.RenewSessionResponse answer = calls.read(SessionsGrpc.getRenewMethod(), request);
    return answer.hasSession()
        ? Optional.of(SessionValues.toPort(answer.getSession()))
        : Optional.empty();
  }

  @Override
  public boolean destroy(SessionId id) {
    store.requireOpen();
    Kv.DestroySessionRequest request =
        Kv.DestroySessionRequest.newBuilder().setId(id.toString()).build();
    return calls.change(SessionsGrpc.getDestroyMethod(), request).getExisted();
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    store.requireOpen();
    Kv.GetSessionRequest request =
        Kv.GetSessionRequest.newBuilder()
            .setId(id.toString())
            .setFreshness(Requests.toWire(freshness))
            .build();
    return SessionValues.toPort(calls.read(SessionsGrpc.getGetMethod(), request));
  }

  @Override
  public SessionListing list(Freshness freshness) {
    store.requireOpen();
    Kv.ListSessionsRequest request =
        Kv.ListSessionsRequest.newBuilder().setFreshness(Requests.toWire(freshness)).build();
    List<Session> sessions = new ArrayList<>();
    Revision changed = Revision.ZERO;
    for (Kv.ListSessionsResponse part : calls.readAll(SessionsGrpc.getListMethod(), request)) {
      part.getSessionsList().forEach(each -> sessions.add(SessionValues.toPort(each)));
      changed = new Revision(part.getChanged());
    }
    return new SessionListing(sessions, changed);
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    Duration left = atMost;
    while (!store.isClosed()) {
      long begun = System.nanoTime();
      Duration turn = left.compareTo(TURN) < 0 ? left : TURN;
      if (changed(changed, turn)) {
        return true;
      }
      left = left.minusNanos(System.nanoTime() - begun);
      if (!left.isPositive()) {
        return false;
      }
    }
    return false;
  }

  void storeClosed() {
    waiting.forEach(each -> each.cancel(true));
  }

  private boolean changed(Revision changed, Duration atMost) throws InterruptedException {
    Future<Kv.AwaitSessionChangeResponse> answer =
        ClientCalls.futureUnaryCall(
            calls
                .channel()
                .newCall(
                    SessionsGrpc.getAwaitChangeMethod(),
                    Calls.endless()
                        .withDeadlineAfter(
                            atMost.plus(calls.timeout()).toNanos(), TimeUnit.NANOSECONDS)),
            Kv.AwaitSessionChangeRequest.newBuilder()
                .setChanged(changed.value())
                .setAtMost(Values.toWire(atMost))
                .build());
    waiting.add(answer);
    try {
      return answer.get().getChanged();
    } catch (CancellationException closed) {
      return false;
    } catch (ExecutionException failure) {
      return closedOr(failure);
    } finally {
      waiting.remove(answer);
      answer.cancel(true);
    }
  }

  private boolean closedOr(ExecutionException failure) {
    if (store.isClosed()) {
      return false;
    }
    if (failure.getCause() instanceof StatusRuntimeException status) {
      throw Calls.ofRead(status);
    }
    throw new IllegalStateException(failure.getCause());
  }
}
