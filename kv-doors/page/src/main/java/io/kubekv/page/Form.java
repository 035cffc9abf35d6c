package io.kubekv.page;

import io.kubekv.Bytes;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** How a value is written for people. */
enum Form {
  TEXT,
  JSON,
  HEX;

  /** Bytes in one line of hexadecimal. */
  private static final int LINE = 16;

  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

  String label() {
    return this == JSON || this == HEX ? name() : "text";
  }

  String field() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is asked for; empty when none is. */
  static Optional<Form> of(String field) {
    for (Form form : values()) {
      if (form.field().equals(field)) {
        return Optional.of(form);
      }
    }
    if (field.isEmpty()) {
      return Optional.empty();
    }
    throw PageError.bad("A value is shown as text, json or hex.");
  }

  /** Bytes in hexadecimal, with what of them is printable beside it. */
  static String dump(byte[] bytes, int length) {
    StringBuilder lines = new StringBuilder();
    for (int at = 0; at < length; at += LINE) {
      int end = Math.min(at + LINE, length);
      String digits = SPACED.formatHex(bytes, at, end);
      lines.append("%08x  %-47s  ".formatted(at, digits));
      for (int i = at; i < end; i++) {
        lines.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '.');
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  /** Bytes as they are edited: lines of digits. */
  static String digits(Bytes value) {
    StringBuilder lines = new StringBuilder();
    byte[] bytes = value.toArray();
    for (int at = 0; at < bytes.length; at += 2 * LINE) {
      lines.append(SPACED.formatHex(bytes, at, Math.min(at + 2 * LINE, bytes.length))).append('\n');
    }
    return lines.toString();
  }

  /** The bytes behind digits; space between them says nothing. */
  static Bytes ofDigits(String digits) {
    try {
      return Bytes.copyOf(HexFormat.of().parseHex(digits.replaceAll("\\s", "")));
    } catch (IllegalArgumentException wrong) {
      throw PageError.bad(
          "The value is not in hexadecimal: pairs of 0 to 9 and a to f are wanted.");
    }
  }
}
