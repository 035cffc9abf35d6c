package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.golang.Json;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.decorator.MeteredStore;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.watch.WatchHub;

/**
 * The store as the doors have it: its calls are counted, its events pass through one watch, and
 * what clients may take of it is bounded.
 *
 * @param store without bounds
 * @param limited lists come in one piece
 * @param asJson the same where a list takes the room that it has as JSON
 * @param inPieces lists come piece by piece
 */
record ShownStore(
    KeyValueStore store,
    WatchHub hub,
    Budgets budgets,
    KeyValueStore limited,
    KeyValueStore asJson,
    KeyValueStore inPieces) {
  static ShownStore open(ServerConfig config, KeyValueStore shown, Metrics metrics, Parts parts) {
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
    long listBytes = config.clients().listBytes();
    return new ShownStore(
        store,
        hub,
        budgets,
        LimitedStore.inOnePiece(store, listBytes, budgets, bound),
        LimitedStore.inOnePiece(store, listBytes, budgets, bound, Json::mostBytes),
        LimitedStore.inPieces(store, budgets, bound));
  }
}
