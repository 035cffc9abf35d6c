package io.kubekv.golang;

import java.nio.ByteBuffer;

/**
 * What of a run of bytes is UTF-8 (Unicode 15, table 3-7), as Go's {@code unicode/utf8} sees it.
 */
final class Utf8 {
  private Utf8() {}

  /** The length of the sequence that starts with the non-ASCII byte at {@code at}; 0: invalid. */
  static int width(ByteBuffer text, int at, int end) {
    int first = text.get(at) & 0xff;
    int width = first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (width == 0 || at + width > end) {
      return 0;
    }
    int second = text.get(at + 1) & 0xff;
    int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < width; i++) {
      if ((text.get(at + i) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return width;
  }

  /** Whether the sequence is U+2028 or U+2029. */
  static boolean isLineSeparator(ByteBuffer text, int at, int width) {
    return width == 3
        && (text.get(at) & 0xff) == 0xe2
        && (text.get(at + 1) & 0xff) == 0x80
        && (text.get(at + 2) & 0xfe) == 0xa8;
  }
}
