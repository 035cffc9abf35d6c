package io.kubekv.server.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.OverloadedException;
import io.kubekv.server.limits.Budget;
import io.kubekv.server.limits.OverLimitException;
import io.kubekv.server.limits.Turn;
import io.kubekv.server.limits.Use;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.LocksGrpc;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a call begin when it is its client's turn. It waits on its own thread, before its request is
 * read; one that the event loop serves was free a moment ago, and begins at once.
 */
final class LimitedCalls implements ServerInterceptor {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Set<String> WATCHES =
      Set.of(
          KeyValueGrpc.getWatchMethod().getFullMethodName(),
          LocksGrpc.getLockMethod().getFullMethodName());

  private final Callers callers;

  LimitedCalls(Callers callers) {
    this.callers = callers;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<Budget> budget = callers.budget(call, headers);
    if (budget.isEmpty()) {
      return next.startCall(call, headers);
    }
    try {
      Connections.of(call).require();
      return started(call, headers, next, budget.get());
    } catch (OverLimitException tooMuch) {
      return refuse(call, tooMuch);
    } catch (CancellationException gone) {
      call.close(Status.CANCELLED.withDescription("cancelled before its turn"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  private static <Q, A> ServerCall.Listener<Q> started(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, Budget budget) {
    Use use = begun(budget);
    boolean started = false;
    try {
      if (WATCHES.contains(call.getMethodDescriptor().getFullMethodName())) {
        use.watch();
      }
      Counted counted = new Counted(use);
      ServerCall.Listener<Q> listener = next.startCall(counted.call(call), headers);
      started = true;
      return counted.listener(listener);
    } finally {
      if (!started) {
        use.end(0);
      }
    }
  }

  private static Use begun(Budget budget) {
    Optional<Use> now = budget.tryBegin();
    if (now.isPresent()) {
      return now.get();
    }
    return Thread.currentThread().isVirtual() ? awaited(budget) : budget.begin();
  }

  private static Use awaited(Budget budget) {
    CompletableFuture<Use> turn = new CompletableFuture<>();
    Context.CancellationListener gone = context -> turn.cancel(false);
    Context.current().addListener(gone, Runnable::run);
    budget.await(new Waiting(turn));
    try {
      return turn.join();
    } catch (CompletionException refused) {
      throw refused.getCause() instanceof OverLimitException over ? over : refused;
    } finally {
      Context.current().removeListener(gone);
    }
  }

  private record Waiting(CompletableFuture<Use> turn) implements Turn {
    @Override
    public void begin(Use use) {
      if (!turn.complete(use)) {
        use.end(0);
      }
    }

    @Override
    public void refuse(OverLimitException why) {
      turn.completeExceptionally(why);
    }

    @Override
    public boolean isGone() {
      return turn.isDone();
    }
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, OverLimitException why) {
    StatusRuntimeException told =
        Errors.toWire(new OverloadedException(String.valueOf(why.getMessage()), RETRY));
    Metadata trailers = Status.trailersFromThrowable(told);
    call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }

  /** A call whose bytes are counted, and whose end is the end of its use. */
  private record Counted(Use use, AtomicLong bytes) {
    Counted(Use use) {
      this(use, new AtomicLong());
    }

    <Q, A> ServerCall<Q, A> call(ServerCall<Q, A> call) {
      return new SimpleForwardingServerCall<>(call) {
        @Override
        public void sendMessage(A message) {
          count(message);
          super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
          use.end(bytes.get());
          super.close(status, trailers);
        }
      };
    }

    <Q> ServerCall.Listener<Q> listener(ServerCall.Listener<Q> listener) {
      return new SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onMessage(Q message) {
          count(message);
          super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
          use.run(super::onHalfClose);
        }

        @Override
        public void onCancel() {
          use.end(bytes.get());
          super.onCancel();
        }
      };
    }

    private void count(Object message) {
      if (message instanceof MessageLite protobuf) {
        bytes.addAndGet(protobuf.getSerializedSize());
      }
    }
  }
}
