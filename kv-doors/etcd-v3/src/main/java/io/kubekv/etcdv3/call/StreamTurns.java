package io.kubekv.etcdv3.call;

import io.grpc.Context;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Turn;
import io.kubekv.transport.limits.Use;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The messages of a stream on its client's budget: each counts as a request, and waits for its turn
 * as one. A stream asks for the next when it has done with one, so at most one of each waits.
 */
public final class StreamTurns {
  private static final Executor DIRECT = Runnable::run;

  private final Optional<Budget> budget;
  private final Executor threads;
  private final BooleanSupplier over;

  /**
   * Begins a stream in the context of the current call.
   *
   * @param budget the client's; empty where that is not limited
   * @param threads go on with what had to wait
   * @param over whether nobody waits on the stream any more; from any thread, without a lock
   */
  public StreamTurns(Optional<Budget> budget, Executor threads, BooleanSupplier over) {
    this.budget = budget;
    this.threads = Context.current().fixedContextExecutor(threads);
    this.over = over;
  }

  /**
   * Calls one of the two, at once or later on one of the threads, unless the stream is over by
   * then.
   *
   * @param begin is to end the use when the message is answered
   * @param refuse it has waited for too long
   */
  public void take(Consumer<Use> begin, Runnable refuse) {
    Thread caller = Thread.currentThread();
    Executor later =
        work -> (Thread.currentThread().equals(caller) ? DIRECT : threads).execute(work);
    Message message =
        new Message(
            use -> later.execute(() -> begin.accept(use)), () -> later.execute(refuse), over);
    budget.ifPresentOrElse(
        limited -> limited.beginOrAwait(message), () -> message.begin(Use.ofNobody()));
  }

  private record Message(Consumer<Use> taken, Runnable refused, BooleanSupplier over)
      implements Turn {
    @Override
    public void begin(Use use) {
      taken.accept(use);
    }

    @Override
    public void refuse(OverLimitException why) {
      refused.run();
    }

    @Override
    public boolean isGone() {
      return over.getAsBoolean();
    }
  }
}
