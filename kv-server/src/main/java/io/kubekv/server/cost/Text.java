package io.kubekv.server.cost;

import java.util.Locale;

/** Numbers in formulas. */
final class Text {
  private Text() {}

  /** Formatted without regard to the machine's language. */
  static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A rate, as short as it is exact enough. */
  static String rate(double perSecond) {
    return Unit.PER_SECOND.text(perSecond);
  }

  static String bytes(double value) {
    return Unit.BYTES.text(value);
  }
}
