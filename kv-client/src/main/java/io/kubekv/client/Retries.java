package io.kubekv.client;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.OverloadedException;
import io.kubekv.StoreException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Sends a call again as long as its time lasts, when that is safe: the failure says that nothing
 * was applied ({@link StoreException.Advice#RETRY}), and that it may pass. The pauses between grow
 * from 50 ms to 2 s, each shortened by chance by up to a half, and are never shorter than the
 * server asks for. A change whose outcome is unknown is never sent again. Thread-safe.
 */
final class Retries {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Pausing pausing;
  private final DoubleSupplier chance;
  private final BooleanSupplier closed;

  /** How to wait. */
  interface Pausing {
    void pause(Duration time) throws InterruptedException;
  }

  /**
   * @param chance numbers from 0 to 1
   * @param closed whether nothing is to be sent any more
   */
  Retries(Pausing pausing, DoubleSupplier chance, BooleanSupplier closed) {
    this.pausing = pausing;
    this.chance = chance;
    this.closed = closed;
  }

  /** The pauses of one call. Not thread-safe. */
  final class Pauses {
    private Duration next = FIRST_PAUSE;

    private Pauses() {}

    /** How long to wait after this failure. */
    Duration after(StoreException failure) {
      Duration pause = Duration.ofNanos((long) (next.toNanos() * (1 - chance.getAsDouble() / 2)));
      next = shorter(next.multipliedBy(2), LONGEST_PAUSE);
      return failure instanceof OverloadedException busy ? longer(pause, busy.retryAfter()) : pause;
    }
  }

  Pauses pauses() {
    return new Pauses();
  }

  /**
   * Makes a call, and makes it again after a failure that may pass. Whatever is sent meanwhile ends
   * with the deadline. When no time is left for another try, the last failure is thrown, and so it
   * is when the thread is interrupted while it pauses; it stays interrupted.
   */
  <T> T within(Duration time, Supplier<T> call) {
    Deadline deadline = Deadline.after(time.toNanos(), TimeUnit.NANOSECONDS);
    Context context = Context.current().withValue(Calls.DEADLINE, deadline);
    Pauses pauses = pauses();
    while (true) {
      Context outer = context.attach();
      try {
        return call.get();
      } catch (StoreException failure) {
        Duration pause = pauses.after(failure);
        if (!mayPass(failure) || pause.toNanos() >= deadline.timeRemaining(TimeUnit.NANOSECONDS)) {
          throw failure;
        }
        pauseOrThrow(pause, failure);
      } finally {
        context.detach(outer);
      }
    }
  }

  /** Whether the call was not applied, and has a chance when it is sent again. */
  boolean mayPass(StoreException failure) {
    boolean unreachable =
        !(failure.getCause() instanceof StatusRuntimeException status)
            || status.getStatus().getCode() == Status.Code.UNAVAILABLE;
    return failure.advice() == StoreException.Advice.RETRY && unreachable && !closed.getAsBoolean();
  }

  void pause(Duration time) throws InterruptedException {
    pausing.pause(time);
  }

  private void pauseOrThrow(Duration pause, StoreException failure) {
    try {
      pausing.pause(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
