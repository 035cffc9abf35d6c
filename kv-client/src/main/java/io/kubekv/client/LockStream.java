package io.kubekv.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.kubekv.UnavailableException;
import io.kubekv.v1.Kv;
import io.kubekv.v1.LocksGrpc;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One stream of {@code Locks.Lock}: the key is held, or waited for, as long as it is open. What it
 * held when it breaks counts as lost at once: the server frees the key when it sees the same.
 */
final class LockStream implements ClientResponseObserver<Kv.LockRequest, Kv.LockResponse> {
  private final CompletableFuture<Kv.LockResponse> answer = new CompletableFuture<>();
  private final CompletableFuture<Loss> lost = new CompletableFuture<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicBoolean releasing = new AtomicBoolean();
  private @Nullable ClientCallStreamObserver<Kv.LockRequest> requests;

  private LockStream() {}

  static LockStream open(Calls calls, Kv.LockRequest.Acquire acquire) {
    LockStream opened = new LockStream();
    ClientCalls.asyncBidiStreamingCall(
        calls.channel().newCall(LocksGrpc.getLockMethod(), Calls.endless()), opened);
    opened.requests().onNext(Kv.LockRequest.newBuilder().setAcquire(acquire).build());
    return opened;
  }

  /**
   * Waits for {@code acquired} or {@code not_acquired}. Whatever else comes of it, the stream is
   * over then.
   */
  Kv.LockResponse await(Duration atMost) throws InterruptedException {
    try {
      return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StatusRuntimeException status) {
        throw Calls.ofRead(status);
      }
      throw new IllegalStateException(failed.getCause());
    } catch (TimeoutException late) {
      cancel("no answer came in time");
      throw new UnavailableException("the server did not answer to a lock within " + atMost, late);
    } catch (InterruptedException interrupted) {
      cancel("the thread that waited was interrupted");
      throw interrupted;
    }
  }

  boolean isHeld() {
    return answer.isDone() && !releasing.get() && !lost.isDone() && over.getCount() > 0;
  }

  /** Completed when the lock is lost; never, when it is released. */
  CompletableFuture<Loss> lost() {
    return lost;
  }

  /** Frees the key and waits until the server has; after that time the stream is cut instead. */
  void release(Duration atMost) {
    if (!releasing.compareAndSet(false, true) || lost.isDone()) {
      return;
    }
    requests().onNext(release());
    requests().onCompleted();
    try {
      if (!over.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        cancel("the release was not answered in time");
      }
    } catch (InterruptedException interrupted) {
      cancel("the thread that released was interrupted");
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Kv.LockRequest> toServer) {
    requests = toServer;
  }

  @Override
  public void onNext(Kv.LockResponse response) {
    switch (response.getEventCase()) {
      case ACQUIRED, NOT_ACQUIRED -> answer.complete(response);
      case LOST -> lose(loss(response.getLost()));
      case WAITING, RELEASED, EVENT_NOT_SET -> {}
    }
  }

  @Override
  public void onError(Throwable error) {
    StatusRuntimeException failure = failure(error);
    lose(
        new Loss(Loss.Reason.UNKNOWN, "the stream broke: " + Errors.describe(failure.getStatus())));
    answer.completeExceptionally(failure);
    over.countDown();
  }

  @Override
  public void onCompleted() {
    lose(new Loss(Loss.Reason.UNKNOWN, "the server ended the stream"));
    answer.completeExceptionally(
        Status.UNAVAILABLE.withDescription("the server ended the stream").asRuntimeException());
    over.countDown();
  }

  private void lose(Loss loss) {
    if (answer.isDone() && !releasing.get()) {
      lost.complete(loss);
    }
  }

  private static Loss loss(Kv.LockResponse.Lost told) {
    return switch (told.getReason()) {
      case REASON_SESSION_ENDED ->
          new Loss(Loss.Reason.SESSION_ENDED, "the session that held the key ended");
      case REASON_DELETED -> new Loss(Loss.Reason.DELETED, "the key was deleted");
      case REASON_TAKEN -> new Loss(Loss.Reason.TAKEN, "the key was released or taken");
      case REASON_UNKNOWN, REASON_UNSPECIFIED, UNRECOGNIZED ->
          new Loss(Loss.Reason.UNKNOWN, "the server cannot tell whether the key is held");
    };
  }

  private static StatusRuntimeException failure(Throwable error) {
    return error instanceof StatusRuntimeException status
        ? status
        : Status.fromThrowable(error).asRuntimeException();
  }

  private static Kv.LockRequest release() {
    return Kv.LockRequest.newBuilder()
        .setRelease(Kv.LockRequest.Release.getDefaultInstance())
        .build();
  }

  private void cancel(String why) {
    requests().cancel(why, null);
  }

  private ClientCallStreamObserver<Kv.LockRequest> requests() {
    if (requests == null) {
      throw new IllegalStateException("the stream has not begun");
    }
    return requests;
  }
}
