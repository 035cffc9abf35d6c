package io.kubekv.etcdv3.gateway;

import io.kubekv.golang.Quoted;
import java.util.BitSet;

/**
 * Finds where a JSON value ends, and refuses what is none in the words of Go's {@code
 * encoding/json} (Go 1.26, scanner.go), whose decoder etcd's gateway cuts bodies into values with.
 * How deep values are nested costs a bit a level.
 */
final class JsonScanner {
  private static final int MAX_DEPTH = 10_000;

  /** There is nothing but space. */
  static final int NONE = -1;

  private enum Next {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    COMMA_OR_END
  }

  private final byte[] text;
  private final BitSet objects = new BitSet();
  private int depth;
  private int at;
  private Next next = Next.VALUE;

  private JsonScanner(byte[] text, int from) {
    this.text = text;
    this.at = from;
  }

  /** Where the first value from there ends; {@link #NONE} if nothing follows. */
  static int end(byte[] text, int from) throws BadJson {
    return new JsonScanner(text, from).end();
  }

  /** The first place from there on that is no space. */
  static int start(byte[] text, int from) {
    int at = from;
    while (at < text.length && isSpace(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private int end() throws BadJson {
    at = start(text, at);
    if (at == text.length) {
      return NONE;
    }
    do {
      at = start(text, at);
      step(peek());
    } while (depth > 0);
    return at;
  }

  private int peek() throws BadJson {
    if (at == text.length) {
      throw new BadJson("unexpected EOF");
    }
    return text[at] & 0xff;
  }

  private void step(int c) throws BadJson {
    switch (next) {
      case VALUE -> value(c);
      case VALUE_OR_END -> {
        if (c == ']') {
          close();
        } else {
          value(c);
        }
      }
      case NAME -> name(c);
      case NAME_OR_END -> {
        if (c == '}') {
          close();
        } else {
          name(c);
        }
      }
      case COLON -> {
        require(c == ':', c, "after object key");
        at++;
        next = Next.VALUE;
      }
      case COMMA_OR_END -> afterValue(c);
    }
  }

  private void afterValue(int c) throws BadJson {
    boolean object = objects.get(depth);
    if (c == (object ? '}' : ']')) {
      close();
    } else {
      require(c == ',', c, object ? "after object key:value pair" : "after array element");
      at++;
      next = object ? Next.NAME : Next.VALUE;
    }
  }

  private void name(int c) throws BadJson {
    require(c == '"', c, "looking for beginning of object key string");
    string();
    next = Next.COLON;
  }

  private void value(int c) throws BadJson {
    switch (c) {
      case '{', '[' -> {
        depth++;
        require(depth <= MAX_DEPTH, c, "exceeded max depth");
        objects.set(depth, c == '{');
        at++;
        next = c == '{' ? Next.NAME_OR_END : Next.VALUE_OR_END;
        return;
      }
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> {
        require(c == '-' || isDigit(c), c, "looking for beginning of value");
        number();
      }
    }
    next = Next.COMMA_OR_END;
  }

  private void close() {
    depth--;
    at++;
    next = Next.COMMA_OR_END;
  }

  private void literal(String word) throws BadJson {
    at++;
    for (int i = 1; i < word.length(); i++) {
      int c = peek();
      require(
          c == word.charAt(i), c, "in literal " + word + " (expecting '" + word.charAt(i) + "')");
      at++;
    }
  }

  private void string() throws BadJson {
    at++;
    for (int c = peek(); c != '"'; c = peek()) {
      require(c >= ' ', c, "in string literal");
      at++;
      if (c == '\\') {
        escape();
      }
    }
    at++;
  }

  private void escape() throws BadJson {
    int c = peek();
    require("bfnrtu\\/\"".indexOf(c) >= 0, c, "in string escape code");
    at++;
    for (int i = 0; c == 'u' && i < 4; i++) {
      int digit = peek();
      require(
          digit < 0x80 && Character.digit(digit, 16) >= 0,
          digit,
          "in \\u hexadecimal character escape");
      at++;
    }
  }

  /** The end of the text ends a number only where no other sign must follow. */
  private void number() throws BadJson {
    if (text[at] == '-') {
      at++;
      int c = peek();
      require(isDigit(c), c, "in numeric literal");
    }
    if (text[at] == '0') {
      at++;
    } else {
      digits();
    }
    if (at < text.length && text[at] == '.') {
      at++;
      int c = peek();
      require(isDigit(c), c, "after decimal point in numeric literal");
      digits();
    }
    if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      int c = peek();
      require(isDigit(c), c, "in exponent of numeric literal");
      digits();
    }
  }

  private void digits() {
    while (at < text.length && isDigit(text[at])) {
      at++;
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static void require(boolean fits, int c, String where) throws BadJson {
    if (!fits) {
      throw new BadJson("invalid character " + quoted(c) + " " + where);
    }
  }

  private static String quoted(int c) {
    return switch (c) {
      case '\'' -> "'\\''";
      case '"' -> "'\"'";
      default -> {
        String text = Quoted.of(Character.toString(c));
        yield "'" + text.substring(1, text.length() - 1) + "'";
      }
    };
  }
}
