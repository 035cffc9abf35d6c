package io.kubekv.benchmarks;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.kubekv.v1.Kv;
import io.kubekv.v1.LocksGrpc;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One wish for a lock over gRPC, and when the server said what about it. */
final class LockStream implements StreamObserver<Kv.LockResponse> {
  private static final long WITHIN_SECONDS = 30;

  private record Said(String what, long nanos) {}

  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
  private final StreamObserver<Kv.LockRequest> server;

  private LockStream(ManagedChannel channel) {
    this.server = LocksGrpc.newStub(channel).lock(this);
  }

  static LockStream acquire(ManagedChannel channel, String key, String session) {
    LockStream stream = new LockStream(channel);
    stream.server.onNext(
        Kv.LockRequest.newBuilder()
            .setAcquire(Kv.LockRequest.Acquire.newBuilder().setKey(key).setSessionId(session))
            .build());
    return stream;
  }

  void release() {
    server.onNext(
        Kv.LockRequest.newBuilder()
            .setRelease(Kv.LockRequest.Release.getDefaultInstance())
            .build());
  }

  /** Blocks until the server has said its next word, which must be this; when it came. */
  long await(Kv.LockResponse.EventCase event) throws IOException {
    try {
      Said next = said.poll(WITHIN_SECONDS, TimeUnit.SECONDS);
      if (next == null || !next.what().equals(event.name())) {
        throw new IOException("a lock was to say " + event + ", and said " + next);
      }
      return next.nanos();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void onNext(Kv.LockResponse response) {
    said.add(new Said(response.getEventCase().name(), System.nanoTime()));
  }

  @Override
  public void onError(Throwable failure) {
    said.add(new Said(failure.toString(), System.nanoTime()));
  }

  @Override
  public void onCompleted() {}
}
