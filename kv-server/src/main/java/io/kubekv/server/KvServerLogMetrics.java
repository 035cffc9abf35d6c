package io.kubekv.server;

import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.lease.KubernetesLease;
import io.kubekv.k8s.log.KubernetesLog;
import io.kubekv.k8s.log.RingFigures;
import io.kubekv.k8s.view.View;
import io.kubekv.k8s.view.ViewFigures;
import io.kubekv.replica.LocalReplica;
import io.kubekv.transport.ops.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** The numbers of a store on a log, and of its view; METRICS.md lists them. */
final class KvServerLogMetrics {
  private static final Duration[] LATENESS = {
    Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)
  };

  private final Metrics metrics;

  private KvServerLogMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  static void show(
      EngineStore store, KubernetesLog log, KubernetesLease lease, View view, Metrics metrics) {
    KvServerLogMetrics all = new KvServerLogMetrics(metrics);
    metrics.gauge(
        "kubekv.index.revision", "Shown here", store, own -> own.status().revision().value());
    metrics.gauge("kubekv.lease.left.seconds", "Validity", lease, held -> seconds(held.left()));
    metrics.counter(
        "kubekv.lease.renewals.failed", "Failed renewals", lease, KubernetesLease::renewalsFailed);
    Timer lateness = lateness(metrics.registry());
    store.onExpiry(lateness::record);
    all.show(log);
    all.show(view);
  }

  private static Timer lateness(MeterRegistry registry) {
    return Timer.builder("kubekv.expiry.lateness")
        .description("How long after it was due the end of an entry was shown")
        .serviceLevelObjectives(LATENESS)
        .register(registry);
  }

  /** The numbers of one of several replicas. */
  static void show(LocalReplica replica, Metrics metrics) {
    metrics.gauge("kubekv.index.announced", "Announced", replica, one -> announced(one.state()));
    metrics.gauge(
        "kubekv.index.lag.revisions",
        "Announced and not shown",
        replica,
        one -> announced(one.state()) - one.state().shown().value());
  }

  /** At the holder what is shown, as nobody announces anything to it. */
  private static double announced(LocalReplica.State now) {
    return Math.max(now.announced().value(), now.shown().value());
  }

  private void show(KubernetesLog log) {
    gauge(log, "index.silence.seconds", "Since news", now -> seconds(now.silence()));
    counter(log, "index.lists", "Lists of the log", RingFigures::lists);
    counter(
        log,
        "index.watches.ended",
        "Watches begun again",
        now -> Math.max(0, now.lists() - 1)); // each watch begins with a list
    gauge(log, "log.bytes", "Entries in slots alone, in base64", RingFigures::bytes);
    gauge(log, "log.slots", "How many slots the log has", RingFigures::slots);
    gauge(log, "log.slots.used", "Those with an entry that is nowhere else", RingFigures::used);
    gauge(log, "log.segments", "Segments above the newest snapshot", RingFigures::segments);
    gauge(log, "log.segments.bytes", "What they take, in base64", RingFigures::segmentBytes);
    gauge(log, "log.harmed", "Objects that others have harmed", RingFigures::harmed);
    gauge(
        log,
        "log.snapshot.revision",
        "Of the newest snapshot known here",
        now -> now.snapshot().value());
    counter(log, "log.snapshots", "Snapshots written", RingFigures::snapshots);
  }

  private void show(View view) {
    gauge(view, "view.revision", "Shown as objects", now -> now.revision().value());
    gauge(view, "view.lag.seconds", "How late objects are", now -> seconds(now.lag()));
    gauge(view, "view.keys", "Keys shown as objects", ViewFigures::keys);
    gauge(view, "view.hidden", "Keys not shown, about", ViewFigures::hidden);
    gauge(view, "view.waiting", "1 while it waits", now -> now.problem().isEmpty() ? 0 : 1);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private void gauge(
      KubernetesLog log, String name, String description, ToDoubleFunction<RingFigures> value) {
    metrics.gauge("kubekv." + name, description, log, of -> value.applyAsDouble(of.figures()));
  }

  private void counter(
      KubernetesLog log, String name, String description, ToDoubleFunction<RingFigures> value) {
    metrics.counter("kubekv." + name, description, log, of -> value.applyAsDouble(of.figures()));
  }

  private void gauge(
      View view, String name, String description, ToDoubleFunction<ViewFigures> value) {
    metrics.gauge("kubekv." + name, description, view, of -> value.applyAsDouble(of.figures()));
  }
}
