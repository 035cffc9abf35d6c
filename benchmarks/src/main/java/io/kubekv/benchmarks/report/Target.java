package io.kubekv.benchmarks.report;

/**
 * What a figure is to be, said before it is measured. The report and the commands for single
 * figures judge by the same ones.
 *
 * @param limit in the figure's own unit
 * @param most whether the limit is the most that the figure may be, or the least
 * @param since when it was set, as year-month-day
 */
public record Target(double limit, boolean most, String since) {
  private static final String REPORT = "2026-11-28";
  private static final String LOG = "2026-12-01";
  private static final String SUBSTRATES = "2026-12-02";

  // linearizable GETs through the etcd v2 API, by etcd v2's
  public static final Target GET_ALONE = atMost(0.4, REPORT);
  public static final Target GET_64 = atLeast(2, REPORT);

  // linearizable gets over gRPC, by etcd v3's
  public static final Target GRPC_GET_ALONE = atMost(1, REPORT);

  // durable PUTs on the embedded API server, by etcd v2's; microseconds of kubekv
  public static final Target PUT_ALONE = atMost(1.1, LOG);
  public static final Target PUT_64 = atLeast(1, LOG);
  public static final Target PUT_MICROS = atMost(45, LOG);

  // durable PUTs on a kube-apiserver: milliseconds more than raw, throughput by etcd v2's,
  // microseconds of kube-apiserver and etcd
  public static final Target KUBE_PUT_ADDED = atMost(0.5, LOG);
  public static final Target KUBE_PUT_64 = atLeast(0.4, LOG);
  public static final Target KUBE_PUT_256 = atLeast(0.6, LOG);
  public static final Target KUBE_PUT_MICROS = atMost(120, LOG);

  // on etcd v3: puts by etcd v3's own, GETs by etcd v2's
  public static final Target ETCD_PUT_64 = atLeast(0.8, LOG);
  public static final Target ETCD_PUT_256 = atLeast(1, LOG);
  public static final Target ETCD_GET_64 = atLeast(2, LOG);

  // milliseconds until the last of 10,000 watchers has its event; of 1,000, by etcd v2's
  public static final Target WOKEN_MILLIS = atMost(1000, SUBSTRATES);
  public static final Target WOKEN_BY_ETCD = atMost(1, REPORT);

  /** KiB of live heap. */
  public static final Target WATCHER_KIB = atMost(12, SUBSTRATES);

  /** Bytes of live heap. */
  public static final Target KEY_BYTES = atMost(1200, LOG);

  // the median answer to Docker's traffic, by etcd v2's
  public static final Target DOCKER = atMost(0.45, SUBSTRATES);
  public static final Target KUBE_DOCKER = atMost(0.9, SUBSTRATES);
  public static final Target MOST_HOSTS = atLeast(1, REPORT);

  private static Target atMost(double limit, String since) {
    return new Target(limit, true, since);
  }

  private static Target atLeast(double limit, String since) {
    return new Target(limit, false, since);
  }

  /** Whether a figure is as it is to be; one that is not a number is not. */
  public boolean isMetBy(double figure) {
    return most ? figure <= limit : figure >= limit;
  }

  /** For the last line of a command, as {@code <= 0.4}. */
  public String plain() {
    return (most ? "<= " : ">= ") + number();
  }

  private String number() {
    return limit == Math.rint(limit) ? Figure.count(limit) : Double.toString(limit);
  }

  /** For the report. */
  String text() {
    return (most ? "≤ " : "≥ ") + number();
  }
}
