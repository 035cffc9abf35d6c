package io.kubekv.e2e;

import java.util.Locale;

/**
 * One thing that was measured beside what was asked for.
 *
 * @param bar empty when the figure is only told
 */
public record Finding(String what, String figure, String bar, boolean holds) {

  public static Finding told(String what, String format, Object... values) {
    return new Finding(what, format(format, values), "", true);
  }

  public static Finding atMost(String what, double figure, double bar, String unit) {
    return new Finding(
        what, format("%.2f %s", figure, unit), format("at most %.2f", bar), figure <= bar);
  }

  public static Finding exactly(String what, long figure, long bar) {
    return new Finding(what, String.valueOf(figure), String.valueOf(bar), figure == bar);
  }

  public static Finding of(String what, boolean holds, String figure) {
    return new Finding(what, figure, "so", holds);
  }

  /** A line of its own. */
  public void print() {
    String verdict = bar.isEmpty() ? "" : "   [" + bar + "] " + (holds ? "ok" : "falls short");
    Check.say("  %-58s %s%s", what, figure, verdict);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
