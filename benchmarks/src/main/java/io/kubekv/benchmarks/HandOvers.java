package io.kubekv.benchmarks;

import io.grpc.ManagedChannel;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.v1.Kv;
import io.kubekv.v1.SessionsGrpc;
import java.io.IOException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Two clients that take turns with a lock over gRPC: one holds it and the other waits. What is
 * timed is from sending the release until the other has been told that it holds the key.
 */
final class HandOvers implements SideBySide.Contestant, AutoCloseable {
  private static final String KEY = "benchmark/locked";

  private final ManagedChannel channel;
  private final String[] sessions;

  HandOvers(StoreProcess store) {
    channel = GrpcLoop.channel(store);
    sessions = new String[] {session(), session()};
  }

  private String session() {
    Kv.SessionSpec spec =
        Kv.SessionSpec.newBuilder()
            .setTimeToLive(com.google.protobuf.Duration.newBuilder().setSeconds(60))
            .build();
    return SessionsGrpc.newBlockingStub(channel)
        .create(Kv.CreateSessionRequest.newBuilder().setSpec(spec).build())
        .getSession()
        .getSpec()
        .getId();
  }

  /** The server renews a session while a stream of it is open; these are open too briefly. */
  private void renew() {
    for (String session : sessions) {
      SessionsGrpc.newBlockingStub(channel)
          .renew(Kv.RenewSessionRequest.newBuilder().setId(session).build());
    }
  }

  @Override
  public String name() {
    return "lock";
  }

  /**
   * @param clients ignored: there are always two
   */
  @Override
  public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
    renew();
    Histogram times = new Histogram(3);
    long begun = System.nanoTime();
    LockStream holding = LockStream.acquire(channel, KEY, sessions[0]);
    holding.await(Kv.LockResponse.EventCase.ACQUIRED);
    for (int turn = 1; System.nanoTime() - begun < time.toNanos(); turn++) {
      LockStream waiting = LockStream.acquire(channel, KEY, sessions[turn % 2]);
      waiting.await(Kv.LockResponse.EventCase.WAITING);
      long sent = System.nanoTime();
      holding.release();
      times.recordValue(waiting.await(Kv.LockResponse.EventCase.ACQUIRED) - sent);
      holding.await(Kv.LockResponse.EventCase.RELEASED);
      holding = waiting;
    }
    holding.release();
    holding.await(Kv.LockResponse.EventCase.RELEASED);
    return new ClosedLoop.Result(times, Duration.ofNanos(System.nanoTime() - begun));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
