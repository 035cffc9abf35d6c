package io.kubekv.grpc;

import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Who waits for a lock, in the order of their coming. Not thread-safe. */
final class LockQueue {
  private final Deque<LockWaiter> waiting = new ArrayDeque<>();

  void add(LockWaiter waiter) {
    waiting.add(waiter);
  }

  /** Whether it was waiting. */
  boolean remove(LockWaiter waiter) {
    return waiting.remove(waiter);
  }

  Optional<LockWaiter> first() {
    return Optional.ofNullable(waiting.peekFirst());
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** How long until the first loses its patience. */
  long nanosLeft() {
    return waiting.stream().mapToLong(LockWaiter::nanosLeft).min().orElse(Long.MAX_VALUE);
  }

  /** Takes out those whose time to wait is over. */
  List<LockWaiter> removeLate() {
    List<LockWaiter> late = waiting.stream().filter(each -> each.nanosLeft() <= 0).toList();
    waiting.removeAll(late);
    return late;
  }

  void failAll(StatusRuntimeException why) {
    waiting.forEach(waiter -> waiter.failed(why));
  }
}
