package io.kubekv.etcdv3.gateway;

import io.kubekv.golang.Quoted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The tokens of a value that {@link JsonScanner} has found to be one, as protobuf's own reader
 * takes them (protobuf-go 1.36, internal/encoding/json): it is stricter with texts.
 */
final class JsonTokens {
  /** What a token is. */
  enum Kind {
    NULL,
    BOOL,
    NUMBER,
    STRING,
    NAME,
    OBJECT,
    END_OBJECT,
    ARRAY,
    END_ARRAY
  }

  /**
   * A token.
   *
   * @param at where it begins in the whole text
   * @param raw as it stands there
   * @param text what a string or a name says
   */
  record Token(Kind kind, int at, String raw, String text) {}

  private final byte[] json;
  private final int from;
  private final int to;
  private int at;

  /**
   * @param from where the value begins, from where lines and columns count
   * @param to where it ends
   */
  JsonTokens(byte[] json, int from, int to) {
    this.json = json;
    this.from = from;
    this.to = to;
    this.at = from;
  }

  /** The next, which there must be. */
  Token next() throws BadJson {
    at = JsonScanner.start(json, at);
    while (json[at] == ',') {
      at = JsonScanner.start(json, at + 1);
    }
    int begin = at;
    return switch (json[begin]) {
      case '{' -> sign(Kind.OBJECT);
      case '}' -> sign(Kind.END_OBJECT);
      case '[' -> sign(Kind.ARRAY);
      case ']' -> sign(Kind.END_ARRAY);
      case 'n' -> word(Kind.NULL);
      case 't', 'f' -> word(Kind.BOOL);
      case '"' -> string();
      default -> word(Kind.NUMBER);
    };
  }

  /** Whether the next token begins with this, which is not taken. */
  boolean isNext(char first) {
    int next = JsonScanner.start(json, at);
    while (json[next] == ',') {
      next = JsonScanner.start(json, next + 1);
    }
    return json[next] == first;
  }

  private Token sign(Kind kind) {
    int begin = at++;
    return new Token(kind, begin, String.valueOf((char) json[begin]), "");
  }

  private Token word(Kind kind) {
    int begin = at;
    while (at < to && isOfWord(json[at])) {
      at++;
    }
    return new Token(kind, begin, raw(begin), "");
  }

  private static boolean isOfWord(byte b) {
    return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || "E-+.".indexOf(b) >= 0;
  }

  private String raw(int begin) {
    return new String(json, begin, at - begin, StandardCharsets.UTF_8);
  }

  private Token string() throws BadJson {
    int begin = at;
    String text = text();
    String raw = raw(begin);
    int after = JsonScanner.start(json, at);
    boolean name = after < to && json[after] == ':';
    if (name) {
      at = after + 1;
    }
    return new Token(name ? Kind.NAME : Kind.STRING, begin, raw, text);
  }

  private String text() throws BadJson {
    int begin = at++;
    int plain = at;
    StringBuilder text = new StringBuilder();
    while (json[at] != '"') {
      if (json[at] == '\\') {
        text.append(utf8(begin, plain, at));
        text.append(escaped(begin));
        plain = at;
      } else {
        at++;
      }
    }
    String rest = utf8(begin, plain, at);
    at++;
    return text.isEmpty() ? rest : text.append(rest).toString();
  }

  private String utf8(int begin, int start, int end) throws BadJson {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(json, start, end - start))
          .toString();
    } catch (CharacterCodingException invalid) {
      throw syntax(begin, "invalid UTF-8 in string");
    }
  }

  private String escaped(int begin) throws BadJson {
    byte letter = json[at + 1];
    if (letter == 'u') {
      return unicode(begin);
    }
    at += 2;
    return switch (letter) {
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      default -> String.valueOf((char) letter);
    };
  }

  private String unicode(int begin) throws BadJson {
    char first = hex(at);
    at += 6;
    if (!Character.isSurrogate(first)) {
      return String.valueOf(first);
    }
    if (to - at < 6) {
      throw new BadJson("proto: unexpected EOF");
    }
    if (json[at] == '\\' && json[at + 1] == 'u') {
      char second = hex(at);
      if (Character.isSurrogatePair(first, second)) {
        at += 6;
        return new String(new char[] {first, second});
      }
    }
    String shown = new String(json, at, 6, StandardCharsets.UTF_8);
    throw syntax(begin, "invalid escape code " + Quoted.of(shown) + " in string");
  }

  /** The sign that an escape of six characters stands for. */
  private char hex(int escape) {
    String digits = new String(json, escape + 2, 4, StandardCharsets.US_ASCII);
    return (char) Integer.parseInt(digits, 16);
  }

  /** That a token is not one that may stand there. */
  BadJson unexpected(Token token) {
    return syntax(token.at(), "unexpected token " + token.raw());
  }

  private BadJson syntax(int place, String what) {
    return new BadJson("proto: syntax error " + position(place) + ": " + what);
  }

  /** That what is said there cannot be. */
  BadJson wrong(Token token, String what) {
    return new BadJson("proto: " + position(token.at()) + ": " + what);
  }

  private String position(int place) {
    String before = new String(json, from, place - from, StandardCharsets.UTF_8);
    int lines = (int) before.chars().filter(c -> c == '\n').count();
    String line = before.substring(before.lastIndexOf('\n') + 1);
    return "(line " + (lines + 1) + ":" + (line.codePointCount(0, line.length()) + 1) + ")";
  }
}
