package io.kubekv.e2e.manners;

import io.kubekv.e2e.Check;

/**
 * One thing that was measured beside what was asked for.
 *
 * @param bar empty when the figure is only told
 */
record Finding(String what, String figure, String bar, boolean holds) {

  static Finding told(String what, String format, Object... values) {
    return new Finding(what, format(format, values), "", true);
  }

  static Finding atMost(String what, double figure, double bar, String unit) {
    return new Finding(
        what, format("%.2f %s", figure, unit), format("at most %.2f", bar), figure <= bar);
  }

  static Finding exactly(String what, long figure, long bar) {
    return new Finding(what, String.valueOf(figure), String.valueOf(bar), figure == bar);
  }

  static Finding of(String what, boolean holds, String figure) {
    return new Finding(what, figure, "so", holds);
  }

  void print() {
    String verdict = bar.isEmpty() ? "" : "   [" + bar + "] " + (holds ? "ok" : "falls short");
    Check.say("  %-58s %s%s", what, figure, verdict);
  }

  private static String format(String format, Object... values) {
    return String.format(java.util.Locale.ROOT, format, values);
  }
}
