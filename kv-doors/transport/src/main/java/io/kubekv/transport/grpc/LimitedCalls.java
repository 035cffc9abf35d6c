package io.kubekv.transport.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.kubekv.OverloadedException;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Turn;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.limits.Use;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Lets a call begin when it is its client's turn. It waits on its own thread, before its request is
 * read; one that the event loop serves was free a moment ago, and begins at once.
 */
final class LimitedCalls implements ServerInterceptor {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Callers callers;
  private final Set<String> lasting;
  private final Refusals refusals;

  /**
   * @param lasting methods whose calls are watches
   */
  LimitedCalls(Callers callers, Set<String> lasting, Refusals refusals) {
    this.callers = callers;
    this.lasting = lasting;
    this.refusals = refusals;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    try {
      Optional<Budget> budget = callers.budget(call, headers);
      if (budget.isEmpty()) {
        return started(call, headers, next, Use.ofNobody());
      }
      Connections.of(call).require();
      requireTaken(budget.get(), call.getMethodDescriptor());
      return started(call, headers, next, begun(budget.get()));
    } catch (OverLimitException tooMuch) {
      return refusals.refuse(
          call, new OverloadedException(String.valueOf(tooMuch.getMessage()), RETRY));
    } catch (CancellationException gone) {
      call.close(Status.CANCELLED.withDescription("cancelled before its turn"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  private Unsent unsent() {
    return callers.budgets().unsent();
  }

  private void countCut() {
    callers.budgets().hits().refused(Limit.SLOW_CLIENT);
  }

  /** Whoever leaves too much of its answers unread gets no more of them. */
  private void requireTaken(Budget budget, MethodDescriptor<?, ?> method) {
    boolean oneAnswer = method.getType().serverSendsOneMessage();
    if (unsent().isTooMuch(budget.client())
        || (oneAnswer && !unsent().isRoomForLasting(budget.client()))) {
      countCut();
      throw new OverLimitException(
          Limit.SLOW_CLIENT,
          "too much of what was sent to " + budget.client() + " is not read; read it first");
    }
  }

  private <Q, A> ServerCall.Listener<Q> started(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, Use use) {
    boolean started = false;
    try {
      if (lasting.contains(call.getMethodDescriptor().getFullMethodName())) {
        use.watch();
      }
      String client =
          use.budget().map(Budget::client).orElseGet(() -> Connections.of(call).budget().client());
      CountedCall<Q, A> counted =
          new CountedCall<>(call, use, unsent(), client, this::countCut, refusals);
      ServerCall.Listener<Q> listener = use.call(() -> next.startCall(counted, headers));
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
}
