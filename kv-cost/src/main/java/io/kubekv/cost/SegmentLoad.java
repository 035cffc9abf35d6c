package io.kubekv.cost;

/** How often entries are copied out of the log into segments, and how many of these there are. */
final class SegmentLoad {
  /** Used slots, from which on they are copied. */
  static final int COPIED_AT = LogLoad.SLOTS / 2;

  private static final double BYTES_AT_MOST = (1 << 20) + (56 << 10);
  private static final double LENGTH = 4;

  /** At three quarters of what there may be a snapshot is asked for. */
  private static final double SNAPSHOT_AT = 384;

  private static final double SNAPSHOT_AT_BYTES = 144 << 20;

  /** What has been sent stays in memory until it is copied. */
  private static final double OWN_AT_MOST = 8 << 20;

  private final LogLoad load;

  SegmentLoad(LogLoad load) {
    this.load = load;
  }

  /** Each second; none when snapshots make room before the slots are used so far. */
  double copyings() {
    return load.entries() > COPIED_AT * load.snapshots() ? load.entries() / COPIED_AT : 0;
  }

  private double copied() {
    return COPIED_AT * (load.entryBytes() + LENGTH);
  }

  private double each() {
    return Math.max(1, Math.ceil(copied() / BYTES_AT_MOST));
  }

  /** The mean size of a segment. */
  double bytes() {
    return copied() / each();
  }

  /** Each second. */
  double writes() {
    return copyings() * each();
  }

  /** Those that are named: of the time since the snapshot before the newest. */
  double listed() {
    return writes() == 0 ? 0 : writes() * 2 / load.snapshots();
  }

  /** All that are there, right before a snapshot. */
  double there() {
    return writes() == 0 ? 0 : listed() + writes() * load.keptSeconds();
  }

  /** What a replica remembers of its own entries, at most. */
  double remembered() {
    return copyings() == 0 ? 0 : Math.min(OWN_AT_MOST, copied());
  }

  /** How often a snapshot is due because there are many. */
  static double snapshotsFor(double entries, double entryBytes) {
    double bytes = entries * (entryBytes + LENGTH);
    double segments =
        entries / COPIED_AT * Math.max(1, COPIED_AT * (entryBytes + LENGTH) / BYTES_AT_MOST);
    return Math.max(segments / SNAPSHOT_AT, bytes / SNAPSHOT_AT_BYTES);
  }
}
