package io.kubekv.client;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.v1.Kv;
import io.kubekv.v1.LocksGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A lock service that says what the test wants it to, at the end of a real connection. */
final class ScriptedLocks extends LocksGrpc.LocksImplBase implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final Server server;

  ScriptedLocks() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  /** One stream, as the server sees it. */
  static final class Call implements StreamObserver<Kv.LockRequest> {
    private final ServerCallStreamObserver<Kv.LockResponse> client;
    private final BlockingQueue<Kv.LockRequest> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private Call(ServerCallStreamObserver<Kv.LockResponse> client) {
      this.client = client;
      client.setOnCancelHandler(cancelled::countDown);
    }

    @Override
    public void onNext(Kv.LockRequest request) {
      requests.add(request);
    }

    @Override
    public void onError(Throwable gone) {
      cancelled.countDown();
    }

    @Override
    public void onCompleted() {}

    Kv.LockRequest request() throws InterruptedException {
      return require(requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "request");
    }

    void awaitCancelled() throws InterruptedException {
      if (!cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the client has not cancelled");
      }
    }

    void say(Kv.LockResponse.Builder response) {
      client.onNext(response.build());
    }

    void acquired(long token) throws InterruptedException {
      Kv.LockRequest.Acquire wanted = request().getAcquire();
      say(
          Kv.LockResponse.newBuilder()
              .setAcquired(
                  Kv.LockResponse.Acquired.newBuilder()
                      .setSession(
                          wanted.hasNewSession()
                              ? wanted.getNewSession().getId()
                              : wanted.getSessionId())
                      .setFencingToken(token)));
    }

    void notAcquired(Kv.Refused.Reason reason) {
      say(
          Kv.LockResponse.newBuilder()
              .setNotAcquired(
                  Kv.LockResponse.NotAcquired.newBuilder()
                      .setRefused(Kv.Refused.newBuilder().setReason(reason))));
      client.onCompleted();
    }

    void lost(Kv.LockResponse.Lost.Reason reason) {
      say(
          Kv.LockResponse.newBuilder()
              .setLost(Kv.LockResponse.Lost.newBuilder().setReason(reason)));
      client.onCompleted();
    }

    void released() {
      say(Kv.LockResponse.newBuilder().setReleased(Kv.LockResponse.Released.getDefaultInstance()));
      client.onCompleted();
    }

    void fail(Status status) {
      client.onError(status.asRuntimeException());
    }
  }

  @Override
  public StreamObserver<Kv.LockRequest> lock(StreamObserver<Kv.LockResponse> client) {
    Call call = new Call((ServerCallStreamObserver<Kv.LockResponse>) client);
    calls.add(call);
    return call;
  }

  /** The next stream that a client opens. */
  Call next() throws InterruptedException {
    return require(calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "lock stream");
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static <T> T require(@Nullable T came, String what) {
    if (came == null) {
      throw new AssertionError("no " + what + " came");
    }
    return came;
  }
}
