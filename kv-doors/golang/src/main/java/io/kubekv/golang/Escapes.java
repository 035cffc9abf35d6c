package io.kubekv.golang;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent escapes of paths and forms, read and written as Go's {@code net/url} does. */
public final class Escapes {
  private static final String UNESCAPED_IN_PATHS = "-_.~$&+,/:;=@";
  private static final int LONGEST_SHOWN = 3;

  private Escapes() {}

  /** An escape that is none. */
  public static final class BadEscape extends Exception {
    private static final long serialVersionUID = 1L;

    BadEscape(String escape) {
      super("invalid URL escape \"" + escape + "\"", null, false, false);
    }
  }

  /** The bytes that {@code text} stands for; a plus is a space only where {@code plusIsSpace}. */
  public static byte[] decode(String text, boolean plusIsSpace) throws BadEscape {
    if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(escaped(text, i));
        i += 2;
      } else {
        bytes.write(c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    return bytes.toByteArray();
  }

  private static int escaped(String text, int percent) throws BadEscape {
    int high = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 1), 16) : -1;
    int low = high < 0 ? -1 : Character.digit(text.charAt(percent + 2), 16);
    if (low < 0) {
      int end = Math.min(text.length(), percent + LONGEST_SHOWN);
      throw new BadEscape(text.substring(percent, end));
    }
    return high << 4 | low;
  }

  /** A path with everything escaped that has to be. */
  public static String encodePath(byte[] path) {
    StringBuilder escaped = new StringBuilder(path.length);
    for (byte b : path) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 0x80 && (Character.isLetterOrDigit(c) || UNESCAPED_IN_PATHS.indexOf(c) >= 0);
      if (plain) {
        escaped.append(c);
      } else {
        escaped.append('%').append(hex(b >> 4)).append(hex(b));
      }
    }
    return escaped.toString();
  }

  /** As it may stand in a {@code Location} (net/http: hexEscapeNonASCII); a byte a character. */
  public static String nonAscii(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character < 0x80) {
        escaped.append(character);
      } else {
        escaped.append('%').append(Integer.toHexString(character & 0xff));
      }
    }
    return escaped.toString();
  }

  /** Text as Go's {@code html.EscapeString} writes it into a page. */
  public static String inHtml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }

  private static char hex(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
  }
}
