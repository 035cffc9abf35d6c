package io.kubekv.transport.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.limits.Use;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A call whose bytes are counted, those that its client has not taken among them, and whose end is
 * the end of its use.
 */
final class CountedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  /** What is less is sent without waiting for more room, and not counted. */
  private static final int SMALL_BYTES = 4 << 10;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Use use;
  private final Runnable cut;
  private final Refusals refusals;
  private final Unsent.Line line;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();
  private boolean over;

  /**
   * @param cut told when it was cut, or its answer refused, because too little is taken
   */
  CountedCall(
      ServerCall<Q, A> call,
      Use use,
      Unsent unsent,
      String client,
      Runnable cut,
      Refusals refusals) {
    super(call);
    this.refusals = refusals;
    this.use = use;
    this.cut = cut;
    this.line = isStream() ? unsent.open(client, this::reset) : unsent.open(client);
    if (isStream()) {
      call.setOnReadyThreshold(SMALL_BYTES);
    }
  }

  /** Others are one message, and can be called back no more. */
  private boolean isStream() {
    return !getMethodDescriptor().getType().serverSendsOneMessage();
  }

  @Override
  public void sendMessage(A message) {
    long size = size(message);
    bytes.addAndGet(size);
    if (size <= SMALL_BYTES) {
      line.add(size);
    } else if (!line.tryAdd(size)) {
      refuse();
      return;
    }
    unsent.addAndGet(size);
    boolean ready;
    synchronized (this) {
      if (over) {
        return;
      }
      super.sendMessage(message);
      ready = isStream() && isReady();
    }
    if (ready) {
      taken();
    }
  }

  /** Instead of an answer that would wait beside too many. */
  private void refuse() {
    cut.run();
    MethodDescriptor<Q, A> method = getMethodDescriptor();
    String why = "too much of what was sent is not read";
    refusals.end(
        this,
        method.isSafe() || method.isIdempotent()
            ? new OverloadedException(why + "; read it first, then ask again", RETRY)
            : new OutcomeUnknownException(
                why + ", so the answer was not sent: look at what is there now"));
  }

  private void taken() {
    line.taken(unsent.getAndSet(0));
  }

  private void reset() {
    cut.run();
    synchronized (this) {
      if (!over) {
        over = true;
        Resets.reset(delegate());
      }
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    use.end(bytes.get());
    synchronized (this) {
      if (!over) {
        over = true;
        super.close(status, trailers);
      }
    }
  }

  private static long size(Object message) {
    return message instanceof MessageLite protobuf ? protobuf.getSerializedSize() : 0;
  }

  /** What happens to the call. */
  ServerCall.Listener<Q> listener(ServerCall.Listener<Q> listener) {
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q message) {
        bytes.addAndGet(size(message));
        super.onMessage(message);
      }

      @Override
      public void onHalfClose() {
        use.run(super::onHalfClose);
      }

      @Override
      public void onReady() {
        if (isStream()) {
          taken();
        }
        super.onReady();
      }

      @Override
      public void onComplete() {
        line.close();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        use.end(bytes.get());
        line.close();
        super.onCancel();
      }
    };
  }
}
