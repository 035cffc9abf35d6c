package io.kubekv.engine;

import io.kubekv.OverloadedException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The calls that wait until this replica has the log. For one thread at a time. */
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

  /**
   * @param holding how long a call waits here
   * @param retryAfter what those hear who find no room here
   */
  Calls(Duration holding, Duration retryAfter) {
    this.holding = holding;
    this.retryAfter = retryAfter;
  }

  void hold(Held call) {
    if (held.size() < MOST) {
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
    return all;
  }

  /** Refuses those who have waited long enough. */
  void expire(long now, String reason) {
    held.removeIf(
        waiting -> {
          boolean late = waiting.isLate(now);
          if (late) {
            waiting.call().refuse(new UnavailableException(reason));
          }
          return late || waiting.call().future().isDone();
        });
  }
}
