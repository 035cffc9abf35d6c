package io.kubekv.e2e.alerts;

import io.kubekv.e2e.Check;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where groups of troubles are played, and what came of them. Groups may use it together. */
final class Stage {
  private static final Duration FIRES_WITHIN = Duration.ofSeconds(40);
  private static final Duration WELL_WITHIN = Duration.ofSeconds(60);

  final Places places;
  final Path folder;
  private final Prometheus prometheus;
  private final Map<String, Boolean> provoked = new ConcurrentHashMap<>();
  private final Map<String, Boolean> well = new ConcurrentHashMap<>();

  Stage(Places places, Path folder, Prometheus prometheus) {
    this.places = places;
    this.folder = folder;
    this.prometheus = prometheus;
  }

  /** A trouble. */
  @FunctionalInterface
  interface Trouble {
    void make() throws IOException;
  }

  Places.Place place(String name) throws IOException {
    synchronized (places) {
      return places.create(name);
    }
  }

  /** Watches a store with which all is well: nothing may fire. */
  void begin(Rules rules, InetSocketAddress... targets) throws IOException {
    synchronized (prometheus) {
      prometheus.watch(rules, List.of(targets));
    }
    boolean quiet =
        prometheus.awaitScraped(rules.store(), targets.length, WELL_WITHIN)
            && prometheus.awaitOnly(rules.store(), Set.of(), WELL_WITHIN);
    well.put(rules.store(), quiet);
    Check.say(
        "  %-9s all is well: %s",
        rules.store(),
        quiet ? "no alert" : "NOT SEEN, OR FIRES " + prometheus.firing(rules.store()));
  }

  /** Makes a trouble, and waits for the alerts that it must cause. */
  void provoke(String store, Set<String> alerts, Trouble trouble) throws IOException {
    long begun = System.nanoTime();
    trouble.make();
    boolean fired = prometheus.awaitFiring(store, alerts, FIRES_WITHIN);
    alerts.forEach(alert -> provoked.merge(alert, fired, Boolean::logicalAnd));
    Check.say(
        "  %-9s %s: %s after %.1f s",
        store, alerts, fired ? "fires" : "DOES NOT FIRE", (System.nanoTime() - begun) / 1e9);
  }

  /** Of each alert that was to be provoked, whether it fired. */
  Map<String, Boolean> provoked() {
    return Map.copyOf(provoked);
  }

  /** Of each store, whether no alert fired while all was well. */
  Map<String, Boolean> well() {
    return Map.copyOf(well);
  }
}
