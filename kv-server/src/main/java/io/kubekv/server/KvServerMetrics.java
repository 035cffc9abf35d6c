package io.kubekv.server;

import io.kubekv.transport.audit.AuditFile;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.watch.WatchHub;

/** What the parts of a server tell of themselves in {@code /metrics}; METRICS.md lists it all. */
final class KvServerMetrics {
  private KvServerMetrics() {}

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
}
