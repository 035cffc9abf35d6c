package io.kubekv.cost;

/** How often what is written to log, snapshot and view, and how much. */
final class LogLoad {
  /** Of a new store, as {@code KubernetesLogSettings} has them. */
  static final int SLOTS = 1_024;

  private static final double ENTRY_AT_MOST = 256 << 10;
  private static final double SNAPSHOT_AFTER = 16 << 20;

  /** As the engine counts what a key takes in a snapshot, beside itself and its value. */
  private static final double COUNTED_RECORD = 350;

  private static final double CHUNK_AT_LEAST = 64 << 10;
  private static final double RECORDS_TO_A_BOUNDARY = 64;
  private static final double KEPT_SECONDS = 90;

  static final long SHOWN_AT_MOST = 10_000;
  private static final double VIEW_WRITES_AT_MOST = 60;

  /** More changes a second leave a third of the writes to the view. */
  private static final double VIEW_YIELDS_ABOVE = 120;

  private static final double SHOWN_AFTER_SECONDS = 0.8;

  private final Workload workload;
  private final EntrySize sizes;

  LogLoad(Workload workload) {
    this.workload = workload;
    this.sizes = new EntrySize(workload.contents());
  }

  /** What clients ask for, each second. */
  double requests() {
    Workload.Changes changes = workload.changes();
    return changes.puts() + changes.creates() + changes.deletes();
  }

  /** What changes into the log, each second, without what each entry has. */
  private double changedBytes() {
    Workload.Changes changes = workload.changes();
    return (changes.puts() + changes.creates()) * sizes.put()
        + changes.directories() * sizes.directory()
        + changes.deletes() * sizes.delete();
  }

  /**
   * Entries each second: one is on its way at a time, and what comes meanwhile is the next. With
   * requests that do not know of each other, a next one is there at once unless none came.
   */
  double entries() {
    double requests = requests();
    if (requests == 0) {
      return 0;
    }
    double way = workload.service().answer().toNanos() / 1e9;
    double grouped = 1 / (way + Math.exp(-requests * way) / requests);
    return Math.max(grouped, Math.min(requests, changedBytes() / ENTRY_AT_MOST));
  }

  double logBytes() {
    return changedBytes() + entries() * EntrySize.entry();
  }

  double entryBytes() {
    return entries() == 0 ? 0 : logBytes() / entries();
  }

  /** What changes come to as the engine counts them, each second. */
  double countedBytes() {
    Workload.Changes changes = workload.changes();
    return (changes.puts() + changes.creates()) * sizes.countedPut()
        + changes.directories() * sizes.countedDirectory()
        + changes.deletes() * sizes.countedDelete()
        + entries() * EntrySize.countedEntry();
  }

  /** After so many bytes, as they are counted, a snapshot is taken. */
  double snapshotAfter() {
    Workload.Contents contents = workload.contents();
    double key = COUNTED_RECORD + contents.keyBytes() + contents.valueBytes();
    return Math.max(SNAPSHOT_AFTER, contents.keys() * key / 2);
  }

  /** Each second; in a large store also because there are many segments. */
  double snapshots() {
    double byBytes = countedBytes() / snapshotAfter();
    return byBytes * SegmentLoad.COPIED_AT < entries()
        ? Math.max(byBytes, SegmentLoad.snapshotsFor(entries(), entryBytes()))
        : byBytes;
  }

  SegmentLoad segments() {
    return new SegmentLoad(this);
  }

  double snapshotBytes() {
    return (double) workload.contents().keys() * sizes.record();
  }

  /** The mean size of a part of a snapshot. */
  double chunkBytes() {
    double record = sizes.record();
    double more =
        record
            * RECORDS_TO_A_BOUNDARY
            * -Math.expm1(-CHUNK_AT_LEAST / record / RECORDS_TO_A_BOUNDARY);
    return Math.min(Math.max(snapshotBytes(), record), CHUNK_AT_LEAST + more);
  }

  double chunks() {
    return workload.contents().keys() == 0 ? 0 : Math.max(1, snapshotBytes() / chunkBytes());
  }

  /** Parts that differ from the last snapshot's, when changes are spread evenly over the keys. */
  double chunksWritten() {
    double chunks = chunks();
    if (snapshots() == 0 || chunks == 0) {
      return 0;
    }
    double changed = requests() / snapshots();
    return chunks * -Math.expm1(-changed / chunks);
  }

  /** Each second. */
  double chunkWrites() {
    return snapshots() * chunksWritten();
  }

  /** All that are there: of the newest snapshot, of the one before, and what is kept beyond. */
  double chunksThere() {
    return chunks() + chunkWrites() * keptSeconds() + chunksWritten();
  }

  /** How long stays what is not needed any more: it goes when a snapshot is written. */
  double keptSeconds() {
    return snapshots() == 0 ? 0 : Math.max(KEPT_SECONDS, 1 / snapshots());
  }

  /** Keys that objects show. */
  long shown() {
    return Math.min(workload.contents().keys(), SHOWN_AT_MOST);
  }

  private double partShown() {
    long keys = workload.contents().keys();
    return keys == 0 ? 1 : (double) shown() / keys;
  }

  /** Writes of the view, each second: objects that are replaced. */
  double viewUpdates() {
    double each = shown() == 0 ? 0 : workload.changes().puts() * partShown() / shown();
    return scaled(shown() * each / (1 + SHOWN_AFTER_SECONDS * each));
  }

  double viewMade() {
    return shown() < SHOWN_AT_MOST ? scaled(workload.changes().made()) : 0;
  }

  double viewRemoved() {
    return scaled(workload.changes().deletes() * partShown());
  }

  /** Of all writes of the view together, no more are made than may be. */
  private double scaled(double writes) {
    Workload.Changes changes = workload.changes();
    double all = changes.puts() * partShown() + changes.made() + changes.deletes() * partShown();
    double asked = changes.puts() + changes.made() + changes.deletes();
    double most = asked > VIEW_YIELDS_ABOVE ? VIEW_WRITES_AT_MOST / 3 : VIEW_WRITES_AT_MOST;
    return all <= most ? writes : writes * most / all;
  }

  /** Writes of the Store object, each second. */
  double storeWrites() {
    return Math.min(1, requests());
  }
}
