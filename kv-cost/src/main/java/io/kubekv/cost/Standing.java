package io.kubekv.cost;

import static io.kubekv.cost.Text.bytes;
import static io.kubekv.cost.Text.formula;

import java.util.List;

/** What a store's objects take in etcd's database, each as it is now. */
final class Standing {
  private static final double LOG_AT_MOST = 256 << 20;

  private final LogLoad load;
  private final SegmentLoad segments;
  private final ObjectSize size;

  Standing(Workload workload) {
    this.load = new LogLoad(workload);
    this.segments = load.segments();
    this.size = new ObjectSize(workload.contents());
  }

  List<Figure> figures() {
    return List.of(log(), copied(), snapshot(), view(), live());
  }

  double inAll() {
    return logThere() + segmentsThere() + snapshotThere() + viewThere();
  }

  private double logThere() {
    double slots = LogLoad.SLOTS * EtcdPages.of(size.slot(load.entryBytes()), size.slotKey());
    return Math.min(LOG_AT_MOST, slots);
  }

  private double segmentsThere() {
    return segments.there() * EtcdPages.of(size.chunk(segments.bytes()), size.chunkKey());
  }

  private double snapshotThere() {
    return load.chunksThere() * EtcdPages.of(size.chunk(load.chunkBytes()), size.chunkKey());
  }

  private double viewThere() {
    return load.shown() * EtcdPages.of(size.shown(), size.shownKey());
  }

  private Figure log() {
    return new Figure(
        "database.log",
        "the log",
        logThere(),
        Unit.BYTES,
        formula("%d slots, all used", LogLoad.SLOTS),
        "no more than 256 MiB stay: the largest entries that nothing needs are taken out");
  }

  private Figure copied() {
    return new Figure(
        "database.segments",
        "the segments",
        segmentsThere(),
        Unit.BYTES,
        segments.there() == 0
            ? "none: snapshots make room before half of the slots are used"
            : formula(
                "%.0f of %s: since the snapshot before the newest, and those of before that stay"
                    + " until one is taken",
                segments.there(), bytes(segments.bytes())),
        "right before a snapshot");
  }

  private Figure snapshot() {
    return new Figure(
        "database.snapshot",
        "the snapshot",
        snapshotThere(),
        Unit.BYTES,
        formula(
            "%.0f parts of %s, and %.0f of former ones",
            load.chunks(), bytes(load.chunkBytes()), load.chunksThere() - load.chunks()),
        "parts that no snapshot needs any more are removed after 90 s, when one is written");
  }

  private Figure view() {
    return new Figure(
        "database.view",
        "the view",
        viewThere(),
        Unit.BYTES,
        formula(
            "%d shown keys x %s", load.shown(), bytes(EtcdPages.of(size.shown(), size.shownKey()))),
        "");
  }

  private Figure live() {
    return new Figure(
        "database.live",
        "all objects",
        inAll(),
        Unit.BYTES,
        "log + segments + snapshot + view",
        "without the cluster's other objects");
  }
}
