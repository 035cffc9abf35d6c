package io.kubekv.golang;

/** What Go's {@code unicode.IsPrint} takes for printable. */
public final class Printable {
  private Printable() {}

  /** Whether every character of a text is printable. */
  public static boolean isAll(String text) {
    return text.codePoints().allMatch(Printable::is);
  }

  /** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
  static boolean is(int c) {
    return switch (Character.getType(c)) {
      case Character.SPACE_SEPARATOR -> c == ' ';
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
