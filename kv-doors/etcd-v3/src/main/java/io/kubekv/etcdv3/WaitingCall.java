package io.kubekv.etcdv3;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** A call that waits for others, and gives up when its client has gone. */
final class WaitingCall {
  private boolean gone;
  private CompletableFuture<Void> waits = CompletableFuture.completedFuture(null);

  private WaitingCall() {}

  /**
   * To be made before the service method returns. gRPC cancels the context as soon as it hears that
   * the client is gone; the call itself hears of it when its thread is free, which is too late.
   */
  static WaitingCall of(StreamObserver<?> client) {
    WaitingCall call = new WaitingCall();
    ((ServerCallStreamObserver<?>) client).setOnCancelHandler(call::giveUp);
    Context.current().addListener(over -> call.giveUp(), Runnable::run);
    return call;
  }

  private void giveUp() {
    CompletableFuture<Void> now;
    synchronized (this) {
      gone = true;
      now = waits;
    }
    now.cancel(false);
  }

  /** Gives up when the client has gone: what was waited for would be nobody's. */
  synchronized void requireClient() {
    if (gone) {
      throw Status.CANCELLED.asRuntimeException();
    }
  }

  /** Waits for this next: cancelled when the client goes, and at once when it has gone. */
  CompletableFuture<Void> waitingFor(CompletableFuture<Void> next) {
    boolean over;
    synchronized (this) {
      waits = next;
      over = gone;
    }
    if (over) {
      next.cancel(false);
    }
    return next;
  }
}
