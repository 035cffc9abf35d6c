package io.kubekv.benchmarks.report;

import java.util.Locale;

/** The names of figures that samples have, and what is known of them by their names. */
public final class Figure {
  public static final String PER_SECOND = "per_second";
  public static final String P50 = "p50_ms";
  public static final String P99 = "p99_ms";
  public static final String P999 = "p999_ms";

  /** Of what a contestant's parts used for an operation, each part's name comes behind. */
  public static final String CPU = "cpu_us.";

  public static final String WRITTEN = "disk_bytes.";
  public static final String PASSED = "passed_bytes.";
  public static final String SYNCS = "syncs.";
  public static final String MEMORY = "live_kib.";

  /** The part that is this program. */
  public static final String CLIENT = "client";

  private static final String TOTAL = "servers";

  private Figure() {}

  /** The sum over a contestant's parts but the client, of a figure that is told for each. */
  public static String total(String byPart) {
    return byPart + TOTAL;
  }

  /** Whether a figure is of a part, and no sum. */
  static boolean isOfPart(String figure, String byPart) {
    return figure.startsWith(byPart) && !figure.equals(total(byPart));
  }

  /** Whether more is better; of all others less is. */
  static boolean isBetterWhenHigher(String figure) {
    return figure.equals(PER_SECOND) || figure.startsWith("most_");
  }

  /** What the head of a table says of a figure, with its unit. */
  static String head(String figure) {
    return switch (figure) {
      case PER_SECOND -> "operations/s";
      case P50 -> "p50, ms";
      case P99 -> "p99, ms";
      case CPU + TOTAL -> "CPU, µs/operation";
      default -> figure;
    };
  }

  /** A value for people: three digits that matter, thousands apart. */
  static String text(double value) {
    double size = Math.abs(value);
    if (size >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  }

  /** A whole number for people. */
  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
