package io.kubekv.server;

import io.kubekv.page.PageDoor;
import io.kubekv.page.PageDoor.Figure;
import io.kubekv.page.PageDoor.Figures;
import io.kubekv.page.PageDoor.Place;
import io.kubekv.replica.Member;
import io.kubekv.replica.Replicas;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.ops.Metrics;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The page, with figures of what is behind the store: its replicas, and some of its metrics. */
final class KvServerPage {
  /** A metric as people read it. */
  private record Shown(String metric, String name, Unit unit, String note) {}

  private enum Unit {
    NUMBER,
    BYTES,
    SECONDS
  }

  private static final List<Shown> LEASE =
      List.of(
          new Shown("lease.left.seconds", "Lease valid for", Unit.SECONDS, "here"),
          new Shown("lease.renewals.failed", "Failed renewals", Unit.NUMBER, ""),
          new Shown("replica.takeovers", "Take-overs", Unit.NUMBER, "by this replica"),
          new Shown("replica.silence.seconds", "Holder silent for", Unit.SECONDS, ""),
          new Shown("replica.backlog", "Changes not announced yet", Unit.NUMBER, ""),
          new Shown("replica.forwarded", "Calls sent to the holder", Unit.NUMBER, ""));

  private static final List<Shown> LOG =
      List.of(
          new Shown("log.bytes", "Log", Unit.BYTES, "in slots alone"),
          new Shown("log.slots.used", "Slots in use", Unit.NUMBER, ""),
          new Shown("log.slots", "Slots", Unit.NUMBER, ""),
          new Shown("log.segments", "Segments", Unit.NUMBER, "above the newest snapshot"),
          new Shown("log.segments.bytes", "Segments' bytes", Unit.BYTES, ""),
          new Shown("log.harmed", "Objects harmed by others", Unit.NUMBER, ""),
          new Shown("index.silence.seconds", "No news for", Unit.SECONDS, ""));

  private static final List<Shown> SNAPSHOT =
      List.of(
          new Shown("log.snapshot.revision", "Revision", Unit.NUMBER, "of the newest snapshot"),
          new Shown("log.snapshots", "Written", Unit.NUMBER, "since this process began"));

  private static final List<Shown> VIEW =
      List.of(
          new Shown("view.revision", "Revision", Unit.NUMBER, "shown as objects"),
          new Shown("view.lag.seconds", "Late by", Unit.SECONDS, ""),
          new Shown("view.keys", "Keys shown", Unit.NUMBER, ""),
          new Shown("view.hidden", "Keys not shown", Unit.NUMBER, "about"));

  private final ServerConfig config;
  private final Replicas replicas;
  private final Metrics metrics;
  private final long begun = System.nanoTime();

  private KvServerPage(ServerConfig config, Replicas replicas, Metrics metrics) {
    this.config = config;
    this.replicas = replicas;
    this.metrics = metrics;
  }

  /** The page as it is configured; absent where there is none. */
  static Optional<PageDoor> of(ServerConfig config, Replicas replicas, Metrics metrics) {
    PageConfig page = config.doors().page();
    KvServerPage figures = new KvServerPage(config, replicas, metrics);
    Optional<ListenAddress> shared = page.onOperationsPort(config.ops(), config.tls());
    return page.own()
        .map(own -> figures.door(own, Place.OWN_PORT, page.writes()))
        .or(() -> shared.map(ops -> figures.door(ops, Place.OPERATIONS_PORT, page.writes())));
  }

  private PageDoor door(ListenAddress address, Place place, boolean writes) {
    KvServerCost cost = new KvServerCost(config, replicas, metrics);
    return new PageDoor(address, place, writes, this::all, cost::serving);
  }

  private List<Figures> all() {
    List<Figures> all = new ArrayList<>();
    all.add(new Figures("Replicas", members()));
    group(all, "Lease", LEASE);
    group(all, "Log", LOG);
    group(all, "Snapshot", SNAPSHOT);
    group(all, "Objects in the cluster", VIEW);
    List<Figure> calls = calls();
    if (!calls.isEmpty()) {
      all.add(new Figures("Calls of this replica to the cluster's API", calls));
    }
    return all;
  }

  /** What this replica costs the API server, as it is measured; nothing where there is none. */
  private List<Figure> calls() {
    SortedMap<String, Long> byVerb = new TreeMap<>();
    long failed = 0;
    for (Timer calls : metrics.registry().find("kubekv.api").timers()) {
      byVerb.merge(calls.getId().getTag("verb"), calls.count(), Long::sum);
      failed += "ok".equals(calls.getId().getTag("code")) ? 0 : calls.count();
    }
    double seconds = Math.max(1, (System.nanoTime() - begun) / 1e9);
    List<Figure> rows = new ArrayList<>();
    byVerb.forEach(
        (verb, count) ->
            rows.add(
                new Figure(
                    verb,
                    String.format(Locale.ROOT, "%,d", count),
                    String.format(Locale.ROOT, "%.2f a second since it began", count / seconds))));
    if (!rows.isEmpty()) {
      rows.add(new Figure("Failed", String.format(Locale.ROOT, "%,d", failed), "of all of these"));
    }
    return rows;
  }

  private List<Figure> members() {
    List<Figure> rows = new ArrayList<>();
    Optional<Member> holder = replicas.holder();
    Member self = replicas.self();
    for (Member member : replicas.members()) {
      boolean holds = holder.filter(one -> one.id() == member.id()).isPresent();
      String here = member.id() == self.id() ? ", this one" : "";
      rows.add(new Figure(member.name(), holds ? "holder" : "follower", member.address() + here));
    }
    rows.add(new Figure("Epoch", Long.toString(replicas.epoch()), "grows with each new holder"));
    return rows;
  }

  private void group(List<Figures> all, String title, List<Shown> shown) {
    List<Figure> rows = new ArrayList<>();
    for (Shown each : shown) {
      value(metrics, "kubekv." + each.metric())
          .ifPresent(value -> rows.add(new Figure(each.name(), text(value, each), each.note())));
    }
    if (!rows.isEmpty()) {
      all.add(new Figures(title, rows));
    }
  }

  /** What a metric says now; absent where this server has none of that name. */
  static Optional<Double> value(Metrics metrics, String name) {
    return Optional.ofNullable(metrics.registry().find(name).meter())
        .map(Meter::measure)
        .map(measured -> measured.iterator().next())
        .map(Measurement::getValue)
        .filter(value -> !value.isNaN());
  }

  private static String text(double value, Shown shown) {
    return switch (shown.unit()) {
      case NUMBER -> String.format(Locale.ROOT, "%,.0f", value);
      case SECONDS -> String.format(Locale.ROOT, "%.1f s", value);
      case BYTES -> String.format(Locale.ROOT, "%,.0f KiB", Math.ceil(value / 1024));
    };
  }
}
