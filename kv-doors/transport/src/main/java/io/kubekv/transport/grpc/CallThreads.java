package io.kubekv.transport.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerStreamTracer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Which thread works on a call. The event loop does, where the method is answered from memory, it
 * is known who asks, and nothing is in the way. A message that is long to read it leaves, unread,
 * to a thread, and to the same all that follows of that call: gRPC does one thing of a call after
 * the other, whoever does it. As the tracer of streams, this is told how long a message is before
 * anybody reads it.
 */
final class CallThreads extends ServerStreamTracer.Factory implements ServerCallExecutorSupplier {
  /** A message of so many bytes is short: all others of the loop wait while it is read. */
  static final int SHORT_BYTES = 64 << 10;

  private static final Context.Key<Arriving> ARRIVING = Context.key("what arrives of the call");
  private static final ServerStreamTracer UNSEEN = new ServerStreamTracer() {};

  private final Executor threads;
  private final Set<String> atOnce;
  private final Optional<UserServices> users;
  private final Callers callers;

  /**
   * @param threads virtual ones
   * @param atOnce methods that the event loop calls
   */
  CallThreads(Executor threads, Set<String> atOnce, Optional<UserServices> users, Callers callers) {
    this.threads = threads;
    this.atOnce = atOnce;
    this.users = users;
    this.callers = callers;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return atOnce.contains(method) ? new Arriving(threads) : UNSEEN;
  }

  @Override
  public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
    Arriving arriving = ARRIVING.get();
    boolean atLoop =
        arriving != null
            && users.map(asked -> asked.isKnown(call, headers)).orElse(true)
            && callers.isFree(call, headers);
    return atLoop ? arriving : threads;
  }

  /** What has arrived of a call, and who reads it. */
  private static final class Arriving extends ServerStreamTracer implements Executor {
    private final Executor threads;
    private volatile boolean isLong;

    Arriving(Executor threads) {
      this.threads = threads;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(ARRIVING, this);
    }

    /** What is compressed can be of any length. */
    @Override
    public void inboundMessageRead(int number, long wireBytes, long bytesIfKnown) {
      if (bytesIfKnown < 0 || bytesIfKnown > SHORT_BYTES) {
        isLong = true;
      }
    }

    @Override
    public void execute(Runnable work) {
      Executor reader = isLong ? threads : MoreExecutors.directExecutor();
      reader.execute(work);
    }
  }
}
