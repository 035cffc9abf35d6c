package io.kubekv.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.SessionsGrpc;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Loses the next change at the server's end of the connection, which breaks with it: the request
 * before the service sees it, or the answer after the change was made.
 */
final class LostCalls implements ServerInterceptor {
  private static final Set<String> CHANGES =
      Set.of(
          KeyValueGrpc.getPutMethod().getFullMethodName(),
          KeyValueGrpc.getDeleteMethod().getFullMethodName(),
          KeyValueGrpc.getDeleteRangeMethod().getFullMethodName(),
          KeyValueGrpc.getTransactMethod().getFullMethodName(),
          SessionsGrpc.getCreateMethod().getFullMethodName(),
          SessionsGrpc.getDestroyMethod().getFullMethodName());

  enum Loss {
    NONE,
    REQUEST,
    ANSWER
  }

  private final AtomicReference<Loss> next = new AtomicReference<>(Loss.NONE);
  private final AtomicBoolean read = new AtomicBoolean();
  private volatile Runnable cut = () -> {};

  void breakWith(Runnable cutting) {
    cut = cutting;
  }

  void loseNext(Loss loss) {
    next.set(loss);
  }

  /** Loses the next get, and breaks the connection. */
  void loseNextRead() {
    read.set(true);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> service) {
    boolean get = call.getMethodDescriptor().equals(KeyValueGrpc.getGetMethod());
    if (get && read.compareAndSet(true, false)) {
      cut.run();
      return new ServerCall.Listener<Q>() {};
    }
    boolean change = CHANGES.contains(call.getMethodDescriptor().getFullMethodName());
    return switch (change ? next.getAndSet(Loss.NONE) : Loss.NONE) {
      case NONE -> service.startCall(call, headers);
      case REQUEST -> {
        cut.run();
        yield new ServerCall.Listener<Q>() {};
      }
      case ANSWER -> service.startCall(losing(call), headers);
    };
  }

  private <Q, R> ServerCall<Q, R> losing(ServerCall<Q, R> call) {
    return new SimpleForwardingServerCall<>(call) {
      private final AtomicBoolean lost = new AtomicBoolean();

      @Override
      public void sendHeaders(Metadata headers) {
        lose();
      }

      @Override
      public void sendMessage(R message) {
        lose();
      }

      @Override
      public void close(Status status, Metadata trailers) {
        lose();
      }

      // once for all parts of an answer: by the next one, the client may have connected again
      private void lose() {
        if (!lost.getAndSet(true)) {
          cut.run();
        }
      }
    };
  }
}
