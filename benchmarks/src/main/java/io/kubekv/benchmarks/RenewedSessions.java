package io.kubekv.benchmarks;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.v1.Kv;
import io.kubekv.v1.SessionsGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Very many sessions of one client over gRPC, renewed one after the other at an even pace. */
final class RenewedSessions implements AutoCloseable {
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);
  static final Duration EVERY = Duration.ofSeconds(10);
  private static final int AT_ONCE = 256;

  private final ManagedChannel channel;
  private final SessionsGrpc.SessionsStub stub;
  private final List<String> ids = new ArrayList<>();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final AtomicReference<String> failure = new AtomicReference<>("");
  private int next;

  RenewedSessions(StoreProcess store) {
    channel = GrpcLoop.channel(store);
    stub = SessionsGrpc.newStub(channel).withWaitForReady();
  }

  /** Begins that many. Blocks. */
  void begin(int count) throws IOException {
    for (int number = 0; number < count; number++) {
      String id = UUID.randomUUID().toString();
      ids.add(id);
      Kv.SessionSpec spec =
          Kv.SessionSpec.newBuilder()
              .setId(id)
              .setTimeToLive(
                  com.google.protobuf.Duration.newBuilder().setSeconds(TIME_TO_LIVE.toSeconds()))
              .build();
      room.acquireUninterruptibly();
      stub.create(
          Kv.CreateSessionRequest.newBuilder().setSpec(spec).build(),
          new Answer<Kv.CreateSessionResponse>());
    }
    awaitAnswers();
  }

  /**
   * Renews them for a time, each every ten seconds, and goes on where it stopped. Blocks.
   *
   * @return how many renewals there were
   */
  long renew(Duration time) throws IOException {
    long begun = System.nanoTime();
    long pace = EVERY.toNanos() / ids.size();
    long renewals = time.toNanos() / pace;
    for (long number = 0; number < renewals; number++) {
      for (long early = 1; early > 0; early = begun + number * pace - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      room.acquireUninterruptibly();
      stub.renew(Kv.RenewSessionRequest.newBuilder().setId(ids.get(next)).build(), new Renewal());
      next = (next + 1) % ids.size();
    }
    awaitAnswers();
    return renewals;
  }

  /** The revision of each session's last change, by its id. */
  Map<String, Long> revisions() {
    Map<String, Long> revisions = new HashMap<>();
    SessionsGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .list(Kv.ListSessionsRequest.getDefaultInstance())
        .forEachRemaining(
            part ->
                part.getSessionsList()
                    .forEach(
                        session ->
                            revisions.put(session.getSpec().getId(), session.getModifyRevision())));
    return revisions;
  }

  /** The server is back: connects at once. */
  void reconnect() {
    channel.resetConnectBackoff();
  }

  private void awaitAnswers() throws IOException {
    room.acquireUninterruptibly(AT_ONCE);
    room.release(AT_ONCE);
    if (!failure.get().isEmpty()) {
      throw new IOException("a session's call failed: " + failure.get());
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private class Answer<A> implements StreamObserver<A> {
    @Override
    public void onNext(A answer) {}

    @Override
    public final void onError(Throwable cause) {
      failure.set(cause.toString());
      room.release();
    }

    @Override
    public final void onCompleted() {
      room.release();
    }
  }

  private final class Renewal extends Answer<Kv.RenewSessionResponse> {
    @Override
    public void onNext(Kv.RenewSessionResponse answer) {
      if (!answer.hasSession()) {
        failure.set("a session ended although it was renewed in time");
      }
    }
  }
}
