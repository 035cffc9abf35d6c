package io.kubekv.golang;

import io.kubekv.Bytes;
import io.kubekv.transport.http.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON as Go's {@code encoding/json} does, byte for byte: {@code & < >} and the line
 * separators U+2028 and U+2029 are escaped, and each invalid byte of UTF-8 becomes {@code \ufffd}.
 * Names and structure are the caller's.
 */
public final class Json {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INVALID = "\\ufffd".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NOTHING = {};

  /** What stands around a string, as a rule: so much more room saves making more of it. */
  private static final int AROUND = 128;

  private byte[] out;
  private int length;

  public Json() {
    this(512);
  }

  /**
   * @param expected about how many bytes there will be; more take more time and memory
   */
  public Json(int expected) {
    out = new byte[expected];
  }

  /** Structure: ASCII text as it stands. */
  public Json raw(String ascii) {
    int size = ascii.length();
    reserve(size);
    for (int i = 0; i < size; i++) {
      out[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  public Json string(String text) {
    int size = text.length();
    reserve(size + AROUND);
    out[length++] = '"';
    int at = 0;
    for (; at < size && isPlain(text.charAt(at)); at++) {
      out[length++] = (byte) text.charAt(at);
    }
    if (at < size) {
      escaped(ByteBuffer.wrap(text.substring(at).getBytes(StandardCharsets.UTF_8)));
    }
    return endOfString();
  }

  public Json string(Bytes bytes) {
    reserve(bytes.size() + AROUND);
    out[length++] = '"';
    escaped(bytes.toBuffer());
    return endOfString();
  }

  /** An unsigned number. */
  public Json number(long unsigned) {
    if (unsigned < 0) {
      return raw(Long.toUnsignedString(unsigned));
    }
    int digits = 1;
    for (long more = unsigned / 10; more > 0; more /= 10) {
      digits++;
    }
    reserve(digits);
    long left = unsigned;
    for (int at = length + digits; at > length; left /= 10) {
      out[--at] = (byte) ('0' + left % 10);
    }
    length += digits;
    return this;
  }

  /** As {@link #payload}, and a line feed. */
  public Payload line() {
    reserve(1);
    out[length++] = '\n';
    return payload();
  }

  /** What has been written. It is the last call: from here on this one is empty. */
  public Payload payload() {
    Payload all = Payload.of(out, length);
    out = NOTHING;
    length = 0;
    return all;
  }

  /** What has been written, as bytes of the caller's own. */
  public byte[] toArray() {
    return Arrays.copyOf(out, length);
  }

  /** At most how many bytes {@link #string(Bytes)} writes, which may be six for one. */
  public static long mostBytes(Bytes bytes) {
    ByteBuffer text = bytes.toBuffer();
    int size = text.remaining();
    long written = 2;
    for (int at = 0; at < size; ) {
      byte b = text.get(at);
      int width = b >= 0 ? 1 : Utf8.width(text, at, size);
      boolean asItIs =
          b >= 0 ? isPlain((char) b) : width > 0 && !Utf8.isLineSeparator(text, at, width);
      written += asItIs ? width : INVALID.length;
      at += Math.max(1, width);
    }
    return written;
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 128 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
  }

  private void escaped(ByteBuffer text) {
    int size = text.remaining();
    for (int at = 0; at < size; ) {
      int plain = endOfPlain(text, at, size);
      if (plain > at) {
        reserve(plain - at);
        text.get(at, out, length, plain - at);
        length += plain - at;
        at = plain;
      } else if (text.get(at) >= 0) {
        special(text.get(at));
        at++;
      } else {
        at += multibyte(text, at, size);
      }
    }
  }

  /** Where the first byte stands that cannot be written as it is. */
  private static int endOfPlain(ByteBuffer text, int from, int size) {
    int at = from;
    while (at < size && isPlain((char) (text.get(at) & 0xff))) {
      at++;
    }
    return at;
  }

  private Json endOfString() {
    reserve(1);
    out[length++] = '"';
    return this;
  }

  /** A byte of ASCII that is not plain. */
  private void special(byte b) {
    reserve(6);
    switch (b) {
      case '"', '\\' -> escape(b);
      case '\n' -> escape((byte) 'n');
      case '\r' -> escape((byte) 'r');
      case '\t' -> escape((byte) 't');
      default -> unicode(b);
    }
  }

  private void escape(byte letter) {
    out[length++] = '\\';
    out[length++] = letter;
  }

  private void unicode(byte b) {
    raw("\\u00");
    out[length++] = HEX[b >> 4];
    out[length++] = HEX[b & 15];
  }

  /** Writes the sequence at {@code at}, or marks its first byte as invalid; how many were read. */
  private int multibyte(ByteBuffer text, int at, int size) {
    reserve(6);
    int width = Utf8.width(text, at, size);
    if (width == 0) {
      System.arraycopy(INVALID, 0, out, length, INVALID.length);
      length += INVALID.length;
      return 1;
    }
    if (Utf8.isLineSeparator(text, at, width)) {
      raw("\\u202").raw((text.get(at + 2) & 1) == 0 ? "8" : "9");
    } else {
      for (int i = 0; i < width; i++) {
        out[length++] = text.get(at + i);
      }
    }
    return width;
  }

  private void reserve(int more) {
    if (length + more > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
    }
  }
}
