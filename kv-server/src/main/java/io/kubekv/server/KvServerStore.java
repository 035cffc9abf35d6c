package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.decorator.MeteredStore;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.door.DoorStore;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.watch.WatchHub;

/**
 * The store as the doors have it: its calls are counted, its events pass through one watch, and
 * what clients may take of it is bounded.
 */
final class KvServerStore {
  private KvServerStore() {}

  static DoorStore open(ServerConfig config, KeyValueStore shown, Metrics metrics, Parts parts) {
    KeyValueStore store = new MeteredStore(shown, metrics.registry());
    metrics.show(store);
    WatchHub hub =
        parts.opened(
            "watch hub", WatchHub.open(store, Thread.ofVirtual().name("kubekv-hub").factory()));
    KvServerMetrics.show(hub, metrics);
    Budgets budgets = parts.opened("limits", config.clients().budgets());
    KvServerLimits.show(budgets, metrics);
    StoreBound bound =
        new StoreBound(shown, config.clients().storeBytes(config.backend()), budgets.hits());
    KvServerLimits.show(bound, metrics);
    return new DoorStore(store, hub, budgets, config.clients().listBytes(), bound);
  }
}
