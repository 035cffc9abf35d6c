package io.kubekv.cost;

import java.util.Locale;

/** Numbers in formulas. */
final class Text {
  private Text() {}

  /** Text with numbers in it, formatted without regard to the machine's language. */
  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are no dependency
  static String formula(String format, Object... values) {
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
