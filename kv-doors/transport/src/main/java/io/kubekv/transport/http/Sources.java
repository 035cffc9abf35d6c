package io.kubekv.transport.http;

import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.LimitHits;
import io.kubekv.transport.limits.Room;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The addresses that a listener's connections come from. Used on its event loop, but for {@link
 * #take} and {@link #give}.
 */
final class Sources {
  private final HttpLimits limits;
  private final Budgets budgets;
  private final Map<String, Source> byOrigin = new HashMap<>();
  private final AtomicLong held = new AtomicLong();

  Sources(HttpLimits limits, Budgets budgets) {
    this.limits = limits;
    this.budgets = budgets;
  }

  HttpLimits limits() {
    return limits;
  }

  LimitHits hits() {
    return budgets.hits();
  }

  Room room() {
    return budgets.room();
  }

  Source of(String origin) {
    return byOrigin.computeIfAbsent(origin, from -> new Source(from, this, budgets.of(from)));
  }

  void left(Source source, long heldForIt) {
    if (source.left(heldForIt)) {
      byOrigin.remove(source.origin());
    }
  }

  void take(long bytes) {
    held.addAndGet(bytes);
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  /** Bytes of bodies and answers, all addresses' together. */
  long held() {
    return held.get();
  }

  boolean isFull() {
    return held.get() >= limits.maxHeldBytes();
  }
}
