package io.kubekv.golang;

/** Text in double quotes as Go's {@code strconv.Quote} writes it. */
public final class Quoted {
  private Quoted() {}

  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> append(quoted, c));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int c) {
    switch (c) {
      case '"', '\\' -> quoted.append('\\').append((char) c);
      case 0x07 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case 0x0b -> quoted.append("\\v");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      default -> {
        if (Printable.is(c)) {
          quoted.appendCodePoint(c);
        } else {
          quoted.append(String.format(c < 0x80 ? "\\x%02x" : "\\u%04x", c));
        }
      }
    }
  }
}
