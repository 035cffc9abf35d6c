package io.kubekv.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Finds the end of an HTTP answer without making objects. */
final class HttpLength {
  private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);

  private HttpLength() {}

  /**
   * How long the answer is, head and body; {@link Integer#MAX_VALUE} while the head is not whole.
   *
   * @param length of what has come so far
   */
  static int of(byte[] answer, int length) {
    int head = endOfHead(answer, length);
    return head < 0 ? Integer.MAX_VALUE : head + body(answer, head);
  }

  private static int endOfHead(byte[] answer, int length) {
    for (int i = 3; i < length; i++) {
      if (answer[i] == '\n' && answer[i - 1] == '\r' && answer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int body(byte[] answer, int head) {
    for (int at = 0; at < head - LENGTH.length; at++) {
      if (isLength(answer, at)) {
        return number(answer, at + LENGTH.length);
      }
    }
    throw new IllegalArgumentException("an answer without Content-Length");
  }

  private static boolean isLength(byte[] answer, int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      if (Character.toLowerCase(answer[at + i]) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] answer, int at) {
    int number = 0;
    for (int i = at; answer[i] >= '0' && answer[i] <= '9'; i++) {
      number = number * 10 + answer[i] - '0';
    }
    return number;
  }
}
