package io.kubekv.golang;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Standard base64 as Go's {@code base64.StdEncoding} decodes it: ends of lines are passed over,
 * padding must be there, and bits that are left over count for nothing.
 */
public final class StdBase64 {
  private static final int QUANTUM = 4;

  private StdBase64() {}

  /** Text that is not base64. */
  public static final class BadBase64 extends Exception {
    private static final long serialVersionUID = 1L;

    BadBase64(int at) {
      super("illegal base64 data at input byte " + at, null, false, false);
    }
  }

  /**
   * The bytes that {@code text} stands for.
   *
   * @throws BadBase64 when it is not base64, in Go's words
   */
  public static byte[] decode(String text) throws BadBase64 {
    byte[] source = text.getBytes(StandardCharsets.UTF_8);
    byte[] digits = new byte[source.length];
    int size = 0;
    for (int at = skipped(source, 0); at < source.length; at = skipped(source, at + 1)) {
      if (source[at] == '=') {
        requirePadding(source, at, size % QUANTUM);
        return decoded(digits, size);
      }
      if (!isDigit(source[at])) {
        throw new BadBase64(at);
      }
      digits[size++] = source[at];
    }
    if (size % QUANTUM != 0) {
      throw new BadBase64(source.length - size % QUANTUM);
    }
    return decoded(digits, size);
  }

  /**
   * Refuses padding that is not the right one, or not the end.
   *
   * @param first where it begins
   * @param digits how many there were since the last whole quantum
   */
  private static void requirePadding(byte[] source, int first, int digits) throws BadBase64 {
    int last = first;
    if (digits < 2) {
      throw new BadBase64(first);
    }
    if (digits == 2) {
      last = skipped(source, first + 1);
      if (last == source.length) {
        throw new BadBase64(last);
      }
      if (source[last] != '=') {
        throw new BadBase64(last - 1);
      }
    }
    int rest = skipped(source, last + 1);
    if (rest < source.length) {
      throw new BadBase64(rest);
    }
  }

  private static byte[] decoded(byte[] digits, int size) {
    return Base64.getDecoder().decode(size == digits.length ? digits : Arrays.copyOf(digits, size));
  }

  /** The first place from {@code at} on where no line ends. */
  private static int skipped(byte[] source, int at) {
    int next = at;
    while (next < source.length && (source[next] == '\n' || source[next] == '\r')) {
      next++;
    }
    return next;
  }

  private static boolean isDigit(byte b) {
    return b >= 'A' && b <= 'Z'
        || b >= 'a' && b <= 'z'
        || b >= '0' && b <= '9'
        || b == '+'
        || b == '/';
  }
}
