package io.kubekv.grpc;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.kubekv.v1.Kv;
import io.kubekv.v1.LocksGrpc;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One lock stream, as any client opens it, and what comes on it. */
final class LockClient implements AutoCloseable {
  /** What came: a message, or the end of the stream. */
  private record Came(Optional<Kv.LockResponse> message, Status end) {}

  private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
  private @Nullable ClientCallStreamObserver<Kv.LockRequest> call;

  LockClient(Channel channel, Kv.LockRequest.Acquire acquire) {
    LocksGrpc.newStub(channel).lock(new Listening());
    send(Kv.LockRequest.newBuilder().setAcquire(acquire).build());
  }

  /** A new session that lives for as long as the tests do. */
  static Kv.LockRequest.Acquire of(String key) {
    return Kv.LockRequest.Acquire.newBuilder()
        .setKey(key)
        .setNewSession(
            Kv.SessionSpec.newBuilder()
                .setTimeToLive(com.google.protobuf.Duration.newBuilder().setSeconds(60)))
        .build();
  }

  private final class Listening implements ClientResponseObserver<Kv.LockRequest, Kv.LockResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<Kv.LockRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(Kv.LockResponse message) {
      came.add(new Came(Optional.of(message), Status.OK));
    }

    @Override
    public void onError(Throwable failure) {
      came.add(new Came(Optional.empty(), Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      came.add(new Came(Optional.empty(), Status.OK));
    }
  }

  void release() {
    send(
        Kv.LockRequest.newBuilder()
            .setRelease(Kv.LockRequest.Release.getDefaultInstance())
            .build());
  }

  void acquireAgain() {
    send(Kv.LockRequest.newBuilder().setAcquire(of("another")).build());
  }

  private void send(Kv.LockRequest request) {
    if (call != null) {
      call.onNext(request);
    }
  }

  /** The client goes without a word. */
  void cancel() {
    if (call != null) {
      call.cancel("gone", null);
    }
  }

  Kv.LockResponse next() throws InterruptedException {
    Came next = poll();
    return next.message().orElseThrow(() -> new AssertionError("ended: " + next.end()));
  }

  Kv.LockResponse.Acquired acquired() throws InterruptedException {
    Kv.LockResponse message = next();
    if (message.hasWaiting()) {
      message = next();
    }
    if (!message.hasAcquired()) {
      throw new AssertionError("not acquired but " + message);
    }
    return message.getAcquired();
  }

  Kv.LockResponse.Waiting waiting() throws InterruptedException {
    Kv.LockResponse message = next();
    if (!message.hasWaiting()) {
      throw new AssertionError("not waiting but " + message);
    }
    return message.getWaiting();
  }

  Status end() throws InterruptedException {
    Came next = poll();
    if (next.message().isPresent()) {
      throw new AssertionError("not the end but " + next.message().get());
    }
    return next.end();
  }

  private Came poll() throws InterruptedException {
    Came next = came.poll(DoorUnderTest.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  /** Whether something has come that was not read. */
  boolean hasNews() {
    return !came.isEmpty();
  }

  @Override
  public void close() {
    cancel();
  }
}
