package io.kubekv.server;

import io.kubekv.page.cost.Serving;
import io.kubekv.replica.Replicas;
import io.kubekv.transport.ops.Metrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the page predicts the store's cost from: who serves it, and what is measured of that. */
final class KvServerCost {
  /** An entry of the log is one of these calls. */
  private static final Set<String> WRITES = Set.of("create", "replace");

  private final ServerConfig config;
  private final Replicas replicas;
  private final Metrics metrics;

  KvServerCost(ServerConfig config, Replicas replicas, Metrics metrics) {
    this.config = config;
    this.replicas = replicas;
    this.metrics = metrics;
  }

  Serving serving() {
    return new Serving(
        place(config.backend()),
        config.backend().namespace().getBytes(StandardCharsets.UTF_8).length,
        replicas.members().size(),
        number("watchers").orElse(0),
        config.lease(),
        config.historyBytes(),
        counts(),
        new Serving.Held(
            number("log.slots.used"),
            number("log.bytes"),
            number("log.segments.bytes"),
            number("log.snapshot.revision"),
            number("view.keys"),
            OptionalLong.of(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed())));
  }

  private static Serving.Place place(ServerConfig.Backend backend) {
    return switch (backend) {
      case ServerConfig.Embedded embedded -> Serving.Place.INSIDE;
      case ServerConfig.Cluster cluster -> Serving.Place.CLUSTER;
      case ServerConfig.Etcd etcd -> Serving.Place.ETCD;
    };
  }

  private Serving.Counts counts() {
    long calls = 0;
    long entries = 0;
    double seconds = 0;
    for (Timer each : metrics.registry().find("kubekv.api").timers()) {
      calls += each.count();
      Meter.Id id = each.getId();
      if ("storelogs".equals(id.getTag("resource"))
          && "ok".equals(id.getTag("code"))
          && WRITES.contains(String.valueOf(id.getTag("verb")))) {
        entries += each.count();
        seconds += each.totalTime(TimeUnit.SECONDS);
      }
    }
    return new Serving.Counts(calls, entries, seconds, processorSeconds());
  }

  private OptionalDouble processorSeconds() {
    Optional<Double> nanos = KvServerPage.value(metrics, "process.cpu.time");
    return nanos.isPresent() ? OptionalDouble.of(nanos.get() / 1e9) : OptionalDouble.empty();
  }

  private OptionalLong number(String metric) {
    Optional<Double> value = KvServerPage.value(metrics, "kubekv." + metric);
    return value.isPresent() ? OptionalLong.of(Math.round(value.get())) : OptionalLong.empty();
  }
}
