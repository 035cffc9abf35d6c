package io.kubekv.etcdv3.call;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call that waits for others, and gives up when its client has gone or the server stops. */
public final class WaitingCall {
  private final Set<WaitingCall> open;
  private @Nullable Status over;
  private CompletableFuture<Void> waits = CompletableFuture.completedFuture(null);

  private WaitingCall(Set<WaitingCall> open) {
    this.open = open;
  }

  /**
   * To be made before the service method returns. gRPC cancels the context as soon as it hears that
   * the client is gone; the call itself hears of it when its thread is free, which is too late. It
   * is canceled when the call has ended, too.
   *
   * @param open has it until then
   */
  public static WaitingCall of(StreamObserver<?> client, Set<WaitingCall> open) {
    WaitingCall call = new WaitingCall(open);
    open.add(call);
    ((ServerCallStreamObserver<?>) client).setOnCancelHandler(call::giveUp);
    Context.current().addListener(ended -> call.giveUp(), Runnable::run);
    return call;
  }

  private void giveUp() {
    open.remove(this);
    end(Status.CANCELLED);
  }

  /** The server stops. */
  public void stop() {
    end(Failures.STOPPED);
  }

  private void end(Status why) {
    CompletableFuture<Void> now;
    synchronized (this) {
      over = over == null ? why : over;
      now = waits;
    }
    now.completeExceptionally(why.asRuntimeException());
  }

  /** Gives up when the client has gone: what was waited for would be nobody's. */
  public synchronized void requireClient() {
    if (over != null) {
      throw over.asRuntimeException();
    }
  }

  /** Waits for this next: fails when the client goes, and at once when it has gone. */
  public CompletableFuture<Void> waitingFor(CompletableFuture<Void> next) {
    Status known;
    synchronized (this) {
      waits = next;
      known = over;
    }
    if (known != null) {
      next.completeExceptionally(known.asRuntimeException());
    }
    return next;
  }
}
