package io.kubekv.k8s.api;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls that the API does not answer. All take the same time at most, so they are due in the
 * order in which they began: one timer for the first of them does for all, where one for each would
 * wake a thread each time. Thread-safe; never blocks.
 */
final class CallTimeouts {
  /** Runs a task after a while, in nanoseconds. */
  interface Alarm {
    void after(long nanos, Runnable task);
  }

  private static final class Call {
    private final long endNanos;
    private volatile @Nullable CompletableFuture<?> answer;

    Call(long endNanos, CompletableFuture<?> answer) {
      this.endNanos = endNanos;
      this.answer = answer;
    }
  }

  private final Duration atMost;
  private final LongSupplier ticker;
  private final Alarm alarm;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean armed = new AtomicBoolean();

  CallTimeouts(Duration atMost) {
    this(
        atMost,
        System::nanoTime,
        (nanos, task) ->
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task));
  }

  /**
   * For tests.
   *
   * @param ticker nanoseconds of a clock that never goes back
   */
  CallTimeouts(Duration atMost, LongSupplier ticker, Alarm alarm) {
    this.atMost = atMost;
    this.ticker = ticker;
    this.alarm = alarm;
  }

  /** Lets a call end with {@link TimeoutException} when its time is over; returns the same call. */
  <T> CompletableFuture<T> bound(CompletableFuture<T> answer) {
    if (answer.isDone()) {
      return answer;
    }
    Call call = new Call(ticker.getAsLong() + atMost.toNanos(), answer);
    // what was answered is not held until it would have been late
    var unused = answer.whenComplete((value, failure) -> call.answer = null);
    forgetAnswered();
    calls.add(call);
    arm();
    return answer;
  }

  private void forgetAnswered() {
    for (Call first = calls.peek();
        first != null && first.answer == null && calls.remove(first); ) {
      first = calls.peek();
    }
  }

  private void arm() {
    Call first = calls.peek();
    if (first != null && !armed.getAndSet(true)) {
      alarm.after(Math.max(1, first.endNanos - ticker.getAsLong()), this::look);
    }
  }

  private void look() {
    armed.set(false);
    forgetAnswered();
    for (Call first = calls.peek();
        first != null && first.endNanos - ticker.getAsLong() <= 0;
        first = calls.peek()) {
      calls.remove(first);
      CompletableFuture<?> late = first.answer;
      if (late != null) {
        late.completeExceptionally(new TimeoutException("no answer within " + atMost));
      }
    }
    arm();
  }
}
