package io.kubekv.engine;

import io.kubekv.OverloadedException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The calls that wait until this replica has the log: so many, with so many bytes of values. For
 * one thread at a time.
 */
final class Calls {
  private static final int MOST = 10_000;

  private record Waiting(Held call, long until) {
    boolean isLate(long now) {
      return call.isLate(now) || until - now <= 0;
    }
  }

  private final Deque<Waiting> held = new ArrayDeque<>();
  private final Duration holding;
  private final Duration retryAfter;
  private final long mostBytes;
  private final Supplier<String> reason;
  private long bytes;

  /**
   * @param holding how long a call waits here; when that is zero, it is refused at once
   * @param mostBytes of the values that all bring
   * @param retryAfter what those hear who find no room here
   * @param reason why they wait, for those who are refused
   */
  Calls(Duration holding, long mostBytes, Duration retryAfter, Supplier<String> reason) {
    this.holding = holding;
    this.mostBytes = mostBytes;
    this.retryAfter = retryAfter;
    this.reason = reason;
  }

  void hold(Held call) {
    if (holding.isZero()) {
      call.refuse(new UnavailableException(reason.get()));
      return;
    }
    boolean fits = held.isEmpty() || bytes + call.bytes() <= mostBytes;
    if (fits && held.size() < MOST) {
      bytes += call.bytes();
      held.add(new Waiting(call, System.nanoTime() + holding.toNanos()));
    } else {
      call.refuse(new OverloadedException("too many calls wait for the store", retryAfter));
    }
  }

  /** Holds those that were decided in vain; the holder's own are made again by his timers. */
  void holdAgain(List<Held.Change<?>> dropped) {
    dropped.stream()
        .filter(change -> !change.isOfTheHolder() && !change.future().isDone())
        .forEach(this::hold);
  }

  /** Takes out all, in the order in which they came. */
  List<Held> takeAll() {
    List<Held> all = held.stream().map(Waiting::call).toList();
    held.clear();
    bytes = 0;
    return all;
  }

  /** Refuses those who have waited long enough. */
  void expire(long now) {
    held.removeIf(
        waiting -> {
          boolean late = waiting.isLate(now);
          if (late) {
            waiting.call().refuse(new UnavailableException(reason.get()));
          }
          boolean over = late || waiting.call().future().isDone();
          bytes -= over ? waiting.call().bytes() : 0;
          return over;
        });
  }
}
