package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What must be so after every attack. */
final class Judge {
  /** Others may wait this many times as long as without the attack. */
  static final double SLOWER = 5;

  /**
   * Below this, no waiting counts. One full collection of the chart's heap stops everything for
   * that long on two processors that others use too, and a single one is more than one percent of
   * the few seconds that an attack lasts; with quiet requests of a millisecond, five times that is
   * less than the time for which such a machine lets a thread wait for a processor.
   */
  static final double FLOOR_MILLIS = 250;

  /** The same where times are not compared: what hangs is still found. */
  static final double HANGING_MILLIS = 10_000;

  /** The chart's readiness probe waits no longer. */
  static final Duration HEALTH = Duration.ofSeconds(2);

  /** Pools, caches and what the well-behaved client does meanwhile. */
  static final long HEAP_SLACK = 24L << 20;

  /** Netty keeps some chunks of 4 MiB for each of its loops. */
  static final long DIRECT_SLACK = 32L << 20;

  /** An attacker must not fill the disk with our own words. */
  static final long LOG = 64L << 10;

  private Judge() {}

  /**
   * @param times whether others' waiting is compared with that of a quiet server: for a machine
   *     that does nothing else. Otherwise it only must not hang
   */
  static List<Finding> judge(Observed seen, boolean times) {
    return List.of(
        Finding.of("the process is the same and lives", seen.alive(), seen.alive() ? "yes" : "NO"),
        patience(seen.quiet(), seen.during(), times ? FLOOR_MILLIS : HANGING_MILLIS),
        Finding.exactly("others' requests that failed", seen.during().failures(), 0),
        answered(seen.during()),
        Finding.atMost(
            "the slowest /healthz",
            seen.slowestHealth().toMillis(),
            times ? HEALTH.toMillis() : HANGING_MILLIS,
            "ms"),
        back("heap", seen.before().heap(), seen.after().heap(), HEAP_SLACK + seen.mayKeep()),
        back("direct memory", seen.before().direct(), seen.after().direct(), DIRECT_SLACK),
        Finding.atMost("KiB of log", seen.logged() / 1024.0, LOG / 1024.0, "KiB"),
        data(seen.acknowledged(), seen.wrong()));
  }

  private static Finding patience(Observed.Seen quiet, Observed.Seen during, double floor) {
    double bar = Math.max(floor, SLOWER * quiet.p99Millis());
    return new Finding(
        "others' p99",
        String.format(Locale.ROOT, "%.1f ms quiet, %.1f ms", quiet.p99Millis(), during.p99Millis()),
        String.format(Locale.ROOT, "at most %.0f", bar),
        during.p99Millis() <= bar);
  }

  private static Finding answered(Observed.Seen during) {
    return new Finding(
        "others' requests", Long.toString(during.requests()), "some", during.requests() > 0);
  }

  private static Finding back(String what, long before, long after, long slack) {
    return new Finding(
        what + " afterwards",
        String.format(Locale.ROOT, "%.1f MiB, %.1f before", mebibytes(after), mebibytes(before)),
        String.format(Locale.ROOT, "at most %.0f more", mebibytes(slack)),
        after <= before + slack);
  }

  private static Finding data(long acknowledged, long wrong) {
    return new Finding(
        "acknowledged keys that are missing or wrong",
        wrong + " of " + acknowledged,
        "0 of some",
        wrong == 0 && acknowledged > 0);
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
