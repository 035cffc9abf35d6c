package io.kubekv.engine;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A revision that moves on, and those who wait for it to come. Thread-safe. */
final class RevisionGate {
  /** More than this is as long as for ever, and cannot be said in milliseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private record Waiter(Revision wanted, long number) {}

  private final ConcurrentNavigableMap<Waiter, CompletableFuture<Boolean>> waiting =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Waiter::wanted).thenComparingLong(Waiter::number));
  private final AtomicLong numbers = new AtomicLong();
  private volatile Revision now = Revision.ZERO;
  private volatile boolean closed;

  /** Whether {@code wanted} has come within the time; false at once when the gate is closed. */
  CompletableFuture<Boolean> reached(Revision wanted, Duration atMost) {
    if (!now.isBefore(wanted)) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> reached = new CompletableFuture<>();
    Waiter waiter = new Waiter(wanted, numbers.incrementAndGet());
    waiting.put(waiter, reached);
    var unused = reached.whenComplete((come, failure) -> waiting.remove(waiter));
    if (!now.isBefore(wanted)) {
      reached.complete(true);
    } else if (closed) {
      reached.complete(false);
    }
    Duration bounded = atMost.compareTo(LONGEST) < 0 ? atMost : LONGEST;
    return reached.completeOnTimeout(false, bounded.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  void advance(Revision to) {
    now = to;
    while (!waiting.isEmpty()) {
      var first = waiting.firstEntry();
      if (first == null || first.getKey().wanted().isAfter(to)) {
        return;
      }
      first.getValue().complete(true);
      waiting.remove(first.getKey());
    }
  }

  void close() {
    closed = true;
    waiting.values().forEach(waiter -> waiter.complete(false));
  }
}
