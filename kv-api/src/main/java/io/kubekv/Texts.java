package io.kubekv;

/** What {@link Key} and {@link Prefix} require of text, and its order by UTF-8 bytes. */
final class Texts {
  private Texts() {}

  static void requireUnicode(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException("a " + what + " holds NUL at character " + i);
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw new IllegalArgumentException(
              "a " + what + " is not valid Unicode at character " + i);
        }
        i++;
      }
    }
  }

  /** Differs from {@link String#compareTo} only where a surrogate meets U+E000 to U+FFFF. */
  static int compareByUtf8(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
