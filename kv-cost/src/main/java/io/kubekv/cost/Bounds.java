package io.kubekv.cost;

import static io.kubekv.cost.Text.bytes;
import static io.kubekv.cost.Text.formula;

import java.util.List;

/** How near a workload comes to what etcd and kubekv refuse. */
final class Bounds {
  private static final double DEFAULT_QUOTA = 2L << 30;
  private static final double SUGGESTED_QUOTA = 8L << 30;
  private static final double REQUEST = 1.5 * (1 << 20);
  private static final double VALUE = 1 << 20;
  private static final double KEYS = 1_000_000;
  private static final double LOG_RATE = 1_500_000;
  private static final double SNAPSHOT_PACE = 16 << 20;

  private final Workload workload;

  Bounds(Workload workload) {
    this.workload = workload;
  }

  List<Figure> figures() {
    double peak = new EtcdCost(workload).peakBytes();
    LogLoad load = new LogLoad(workload);
    ObjectSize size = new ObjectSize(workload.contents());
    double chunk = Math.max(load.chunkBytes(), load.segments().bytes());
    double largest = Math.max(size.slot(load.entryBytes()), size.chunk(chunk));
    return List.of(
        new Figure(
            "limits.objects",
            "objects",
            LogLoad.SLOTS + load.segments().there() + load.chunksThere() + load.shown(),
            Unit.COUNT,
            formula(
                "%d slots + %.0f segments + %.0f parts of snapshots + %d shown keys",
                LogLoad.SLOTS, load.segments().there(), load.chunksThere(), load.shown()),
            "the two manifests, the Store and the Lease are four more"),
        bytesShare(
            "limits.log", "of what the log takes for long, 1.5 MB/s", load.logBytes(), LOG_RATE),
        bytesShare(
            "limits.snapshot",
            "of a snapshot's pace, 16 MiB/s",
            load.chunkWrites() * load.chunkBytes(),
            SNAPSHOT_PACE),
        share(
            "limits.keys", "of kubekv's 1,000,000 keys", (double) workload.contents().keys(), KEYS),
        bytesShare("limits.quota", "of etcd's default quota, 2 GiB", peak, DEFAULT_QUOTA),
        bytesShare("limits.quota.most", "of the largest suggested, 8 GiB", peak, SUGGESTED_QUOTA),
        bytesShare("limits.request", "of etcd's largest request, 1.5 MiB", largest, REQUEST),
        bytesShare(
            "limits.value",
            "of kubekv's largest value, 1 MiB",
            (double) workload.contents().valueBytes(),
            VALUE));
  }

  private static Figure share(String name, String what, double used, double limit) {
    return new Figure(
        name, what, used / limit, Unit.SHARE, formula("%.0f / %.0f", used, limit), "");
  }

  private static Figure bytesShare(String name, String what, double used, double limit) {
    return new Figure(
        name, what, used / limit, Unit.SHARE, formula("%s / %s", bytes(used), bytes(limit)), "");
  }
}
