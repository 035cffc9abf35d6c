package io.kubekv.transport.ops;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.http.ListenerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * What {@code /metrics} shows. Names are stable: {@code kubekv_*}, and Micrometer's for the JVM.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Metrics(String version) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("kubekv.build", () -> 1).tag("version", version).register(registry);
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Shows a store's state. */
  public void show(KeyValueStore store) {
    gauge("kubekv.store.ready", "1 when reads and writes are served", store, s -> ready(s) ? 1 : 0);
    gauge("kubekv.store.entries", "Entries, directories included", store, s -> entries(s));
    gauge("kubekv.store.bytes", "Memory that it takes, about", store, s -> s.status().bytes());
    gauge("kubekv.store.revision", "Latest revision known", store, s -> revision(s));
  }

  /**
   * Shows the connections of a door that speaks HTTP.
   *
   * @param door its name, which is stable as well
   */
  public void show(String door, ListenerStats listener) {
    connections(door, listener, ListenerStats::connections, ListenerStats::failedHandshakes);
    Gauge.builder("kubekv.connections.held.bytes", listener, ListenerStats::held)
        .description("Bodies that are not answered yet, and answers that are not taken yet")
        .tag("door", door)
        .register(registry);
    FunctionCounter.builder("kubekv.connections.cut", listener, ListenerStats::cut)
        .description("Connections cut by a limit")
        .tag("door", door)
        .register(registry);
  }

  /** Shows how many connections a door has, and how many ended before their first request. */
  public <T> void connections(
      String door, T source, ToDoubleFunction<T> open, ToDoubleFunction<T> failed) {
    FunctionCounter.builder("kubekv.handshakes.failed", source, failed)
        .description("Connections that ended before anything could be asked on them")
        .tag("door", door)
        .register(registry);
    Gauge.builder("kubekv.connections", source, open)
        .description("Open connections")
        .tag("door", door)
        .register(registry);
  }

  /** Shows a number that goes up and down. */
  public <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value).description(description).register(registry);
  }

  /** Shows a number that only grows. */
  public <T> void counter(String name, String description, T source, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, source, value).description(description).register(registry);
  }

  /** The page, in Prometheus' text format. */
  public String page() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private static boolean ready(KeyValueStore store) {
    return store.status().ready();
  }

  private static double entries(KeyValueStore store) {
    return store.status().entries();
  }

  private static double revision(KeyValueStore store) {
    return store.status().revision().value();
  }
}
