package io.kubekv.page;

/**
 * Text as people can look at it: a character that cannot be seen, or that moves others, is written
 * as its code. So nothing is hidden, and no text looks like another.
 */
final class Visible {
  private Visible() {}

  /** A text of one line: a key. */
  static String of(String text) {
    return shown(text, false);
  }

  /** A text whose lines and tabs stay. */
  static String lines(String text) {
    return shown(text, true);
  }

  private static String shown(String text, boolean lines) {
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              if (isPlain(point) || (lines && (point == '\n' || point == '\t'))) {
                shown.appendCodePoint(point);
              } else {
                shown.append("⟨U+%04X⟩".formatted(point));
              }
            });
    return shown.toString();
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The beginning of a text, no longer than that, with a sign where it was cut. */
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
