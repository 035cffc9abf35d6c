package io.kubekv.k8s;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

/**
 * Ends calls that the API does not answer. All take the same time at most, so they are due in the
 * order in which they began: one look now and then at the first of them does for all, and nothing
 * is armed for a call, nor disarmed. Thread-safe; never blocks.
 */
final class CallTimeouts {
  private record Call(CompletableFuture<?> answer, Deadline end) {}

  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Duration atMost;

  CallTimeouts(Duration atMost) {
    this.atMost = atMost;
  }

  /** Lets a call end with {@link TimeoutException} when its time is over; returns the same call. */
  <T> CompletableFuture<T> bound(CompletableFuture<T> answer) {
    calls.add(new Call(answer, Deadline.in(atMost)));
    return answer;
  }

  /** Ends those that are over; to be called every so often. */
  void endOverdue() {
    for (Call first = calls.peek(); first != null && isOver(first); first = calls.peek()) {
      calls.remove(first);
    }
  }

  private boolean isOver(Call call) {
    return call.answer().isDone()
        || call.end().passed()
            && call.answer()
                .completeExceptionally(new TimeoutException("no answer within " + atMost));
  }
}
