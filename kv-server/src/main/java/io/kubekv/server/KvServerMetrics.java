package io.kubekv.server;

import io.kubekv.k8s.KubernetesStore;
import io.kubekv.k8s.StoreFigures;
import io.kubekv.k8s.StoreObserver;
import io.kubekv.server.ops.Metrics;
import io.kubekv.server.tls.Certificates;
import io.kubekv.server.watch.WatchHub;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What the parts of a server tell of themselves in {@code /metrics}; METRICS.md lists it all. */
final class KvServerMetrics implements StoreObserver {
  private static final Duration[] LATENESS = {
    Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final Map<Call, Map<String, Timer>> calls = new EnumMap<>(Call.class);
  private final Timer lateness;

  KvServerMetrics(Metrics metrics) {
    this.registry = metrics.registry();
    this.lateness = lateness(registry);
    for (Call call : Call.values()) {
      Map<String, Timer> byCode = new ConcurrentHashMap<>();
      KvServerCalls.FORESEEN.forEach(code -> byCode.put(code, timer(call, code)));
      calls.put(call, byCode);
    }
  }

  static Timer lateness(MeterRegistry registry) {
    return Timer.builder("kubekv.expiry.lateness")
        .description("How long after it was due the end of an entry was shown")
        .serviceLevelObjectives(LATENESS)
        .register(registry);
  }

  private Timer timer(Call call, String code) {
    String name = call.name().toLowerCase(Locale.ROOT);
    int end = name.indexOf('_');
    return KvServerCalls.timer(
        registry, name.substring(0, end), name.endsWith("lease") ? "leases" : "keyvalues", code);
  }

  @Override
  public void called(Call call, String code, Duration time) {
    Map<String, Timer> byCode = calls.get(call);
    if (byCode != null) {
      byCode.computeIfAbsent(code, one -> timer(call, one)).record(time);
    }
  }

  @Override
  public void expired(Duration late) {
    lateness.record(late.isNegative() ? Duration.ZERO : late);
  }

  /** The numbers of a store on Kubernetes. */
  static void show(KubernetesStore store, Metrics metrics) {
    gauge(metrics, store, "index.revision", "Shown here", f -> f.shown().value());
    gauge(metrics, store, "index.announced", "Announced", f -> f.announced().value());
    gauge(metrics, store, "index.lag.revisions", "Announced and not shown", KvServerMetrics::lag);
    gauge(metrics, store, "index.silence.seconds", "Since news", f -> seconds(f.watchSilence()));
    counter(metrics, store, "index.lists", "Lists of the store", StoreFigures::lists);
    counter(metrics, store, "index.watches.ended", "Watches begun again", StoreFigures::watches);
    gauge(
        metrics,
        store,
        "quarantined.objects",
        "Objects in the namespace that are no keys",
        StoreFigures::quarantined);
    counter(metrics, store, "audit.runs", "Comparisons with the API", StoreFigures::audits);
    counter(metrics, store, "audit.repairs", "Those that found it wrong", StoreFigures::repairs);
    gauge(metrics, store, "lease.left.seconds", "Validity", f -> seconds(f.leaseLeft()));
    counter(
        metrics, store, "lease.renewals.failed", "Failed renewals", StoreFigures::renewalsFailed);
  }

  /** The numbers of the fan-out. */
  static void show(WatchHub hub, Metrics metrics) {
    metrics.gauge("kubekv.watchers", "Watches that wait", hub, WatchHub::watchers);
    metrics.counter("kubekv.watch.events", "Events of the store", hub, WatchHub::events);
    metrics.counter("kubekv.watch.deliveries", "Given to watchers", hub, WatchHub::deliveries);
    metrics.counter("kubekv.watchers.lost", "Cut off from events", hub, WatchHub::lost);
  }

  /** The numbers of what is shown to clients. */
  static void show(Certificates certificates, Metrics metrics) {
    metrics.gauge(
        "kubekv.certificate.end.timestamp.seconds",
        "When the certificate ends, in seconds since 1970",
        certificates,
        shown -> shown.end().getEpochSecond());
    metrics.counter(
        "kubekv.certificate.failures",
        "Looks at the files that found them unusable",
        certificates,
        Certificates::failures);
  }

  /** Whether the audit log is written. */
  static void show(AuditFile audit, Metrics metrics) {
    metrics.gauge(
        "kubekv.audit.log.failing",
        "1 while lines of the audit log cannot be written",
        audit,
        file -> file.isFailing() ? 1 : 0);
  }

  private static double lag(StoreFigures now) {
    return Math.max(0, now.announced().value() - now.shown().value());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static void gauge(
      Metrics metrics,
      KubernetesStore store,
      String name,
      String description,
      ToDoubleFunction<StoreFigures> value) {
    metrics.gauge("kubekv." + name, description, store, of -> value.applyAsDouble(of.figures()));
  }

  private static void counter(
      Metrics metrics,
      KubernetesStore store,
      String name,
      String description,
      ToDoubleFunction<StoreFigures> value) {
    metrics.counter("kubekv." + name, description, store, of -> value.applyAsDouble(of.figures()));
  }
}
