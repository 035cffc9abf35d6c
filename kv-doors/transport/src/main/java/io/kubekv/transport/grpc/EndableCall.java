package io.kubekv.transport.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A stream that somebody else than its service may end. To the service its client is gone then, so
 * that a watch is closed and a lock freed as ever. Thread-safe.
 */
final class EndableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private final BooleanSupplier good;
  private final Consumer<EndableCall<Q, A>> whenOver;
  private final Consumer<ServerCall<?, ?>> refusal;
  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock telling = new ReentrantLock();
  private ServerCall.Listener<Q> service = new ServerCall.Listener<>() {};
  private boolean headersSent;
  private boolean closed;
  private boolean over;
  private volatile boolean refused;

  /**
   * @param good whether its client may go on
   * @param whenOver told once it has ended
   * @param refusal closes a call, and tells its client why
   */
  EndableCall(
      ServerCall<Q, A> call,
      BooleanSupplier good,
      Consumer<EndableCall<Q, A>> whenOver,
      Consumer<ServerCall<?, ?>> refusal) {
    super(call);
    this.refusal = refusal;
    this.good = good;
    this.whenOver = whenOver;
  }

  boolean isGood() {
    return good.getAsBoolean();
  }

  /** Ends it, if it is open. Blocks while the service is told something. */
  void end() {
    refuse();
    tell(service::onCancel, true);
  }

  private void refuse() {
    sending.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      refused = true;
      if (headersSent && !delegate().isReady()) {
        Resets.reset(delegate()); // whoever does not read would not hear, and leave all as it is
      } else {
        refusal.accept(delegate());
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    whileOpen(
        () -> {
          headersSent = true;
          super.sendHeaders(headers);
        });
  }

  @Override
  public void sendMessage(A message) {
    whileOpen(() -> super.sendMessage(message));
  }

  @Override
  public void close(Status status, Metadata trailers) {
    whileOpen(
        () -> {
          closed = true;
          super.close(status, trailers);
        });
  }

  private void whileOpen(Runnable action) {
    sending.lock();
    try {
      if (!closed) {
        action.run();
      }
    } finally {
      sending.unlock();
    }
  }

  /** The service is told one thing at a time, and nothing after the last. */
  private void tell(Runnable what, boolean last) {
    telling.lock();
    try {
      if (over) {
        return;
      }
      over = last;
      what.run();
    } finally {
      telling.unlock();
      if (last) {
        whenOver.accept(this);
      }
    }
  }

  /** What happens to the call; asked for once, before anything does. */
  ServerCall.Listener<Q> listener(ServerCall.Listener<Q> ofService) {
    service = ofService;
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(Q message) {
        if (isGood()) {
          tell(() -> service.onMessage(message), false);
        } else {
          end();
        }
      }

      @Override
      public void onHalfClose() {
        tell(service::onHalfClose, false);
      }

      @Override
      public void onReady() {
        tell(service::onReady, false);
      }

      @Override
      public void onCancel() {
        tell(service::onCancel, true);
      }

      // a refusal completes the call, too, and may do so before its service was told of it
      @Override
      public void onComplete() {
        tell(refused ? service::onCancel : service::onComplete, true);
      }
    };
  }
}
