package io.kubekv.server;

import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.LimitHits;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.ops.Metrics;
import io.micrometer.core.instrument.FunctionCounter;
import java.util.Locale;

/** What is shown of the limits. */
final class KvServerLimits {
  private KvServerLimits() {}

  static void show(StoreBound bound, Metrics metrics) {
    metrics.gauge(
        "kubekv.store.max.bytes", "Memory that the store may take", bound, StoreBound::max);
  }

  static void show(Budgets budgets, Metrics metrics) {
    metrics.gauge(
        "kubekv.watches", "Watches, blocking queries and locks open", budgets, Budgets::watches);
    metrics.gauge(
        "kubekv.working.bytes",
        "Memory set aside for large values and listings that are being worked on",
        budgets.room(),
        Room::takenBytes);
    metrics.gauge(
        "kubekv.unsent.bytes",
        "Bytes of answers and events that clients have not taken yet",
        budgets.unsent(),
        Unsent::bytes);
    metrics.gauge(
        "kubekv.direct.bytes",
        "Memory outside the heap that connections have",
        budgets,
        any -> EventLoop.directBytes());
    for (Limit limit : Limit.values()) {
      for (LimitHits.Outcome outcome : LimitHits.Outcome.values()) {
        FunctionCounter.builder("kubekv.limit.hits", budgets, all -> all.hits().of(limit, outcome))
            .description("How often a client met a limit, and had to wait or was refused")
            .tag("limit", limit.label())
            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
            .register(metrics.registry());
      }
    }
  }
}
