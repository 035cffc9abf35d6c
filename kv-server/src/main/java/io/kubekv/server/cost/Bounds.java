package io.kubekv.server.cost;

import static io.kubekv.server.cost.Text.bytes;
import static io.kubekv.server.cost.Text.formula;

import java.util.List;

/** How near a workload comes to what etcd and kubekv refuse. */
final class Bounds {
  private static final double DEFAULT_QUOTA = 2L << 30;
  private static final double SUGGESTED_QUOTA = 8L << 30;
  private static final double REQUEST = 1.5 * (1 << 20);
  private static final double VALUE = 1 << 20;
  private static final double KEYS = 1_000_000;

  private final Workload workload;

  Bounds(Workload workload) {
    this.workload = workload;
  }

  List<Figure> figures() {
    double peak = new EtcdCost(workload).peakBytes();
    long objects = new ApiCost(workload).objects();
    double largest = (double) new ObjectSize(workload.contents()).put();
    return List.of(
        new Figure(
            "limits.objects",
            "objects",
            (double) objects,
            Unit.COUNT,
            formula("%d keys + deletes x %d s", workload.contents().keys(), ApiCost.MARKED_SECONDS),
            "the Lease and kubekv's marker are two more"),
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
