package io.kubekv.golang;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A {@code Content-Type} as Go's {@code mime.ParseMediaType} reads it. */
public final class MediaType {
  private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

  private final String text;
  private int at;

  private MediaType(String text) {
    this.text = text;
  }

  /** Text that is no media type. */
  public static final class BadMediaType extends Exception {
    private static final long serialVersionUID = 1L;

    BadMediaType(String why) {
      super("mime: " + why, null, false, false);
    }
  }

  /**
   * The type alone, in lower case; its parameters are checked.
   *
   * @throws BadMediaType when it is none, in Go's words
   */
  public static String of(String text) throws BadMediaType {
    int semicolon = text.indexOf(';');
    String base = semicolon < 0 ? text : text.substring(0, semicolon);
    String type = base.strip().toLowerCase(Locale.ROOT);
    new MediaType(type).requireType();
    new MediaType(text.substring(base.length())).requireParameters();
    return type;
  }

  private void requireType() throws BadMediaType {
    if (token().isEmpty()) {
      throw new BadMediaType("no media type");
    }
    if (at == text.length()) {
      return;
    }
    if (text.charAt(at) != '/') {
      throw new BadMediaType("expected slash after first token");
    }
    at++;
    if (token().isEmpty()) {
      throw new BadMediaType("expected token after slash");
    }
    if (at < text.length()) {
      throw new BadMediaType("unexpected content after media subtype");
    }
  }

  private void requireParameters() throws BadMediaType {
    Map<String, String> seen = new HashMap<>();
    for (skipSpace(); at < text.length(); skipSpace()) {
      if (text.substring(at).strip().equals(";")) {
        return;
      }
      take(';');
      String name = token().toLowerCase(Locale.ROOT);
      take('=');
      int start = at;
      String value = value();
      if (name.isEmpty() || at == start) {
        throw new BadMediaType("invalid media parameter");
      }
      String before = seen.putIfAbsent(name, value);
      if (before != null && !before.equals(value)) {
        throw new BadMediaType("duplicate parameter name");
      }
    }
  }

  private void take(char wanted) throws BadMediaType {
    skipSpace();
    if (at == text.length() || text.charAt(at) != wanted) {
      throw new BadMediaType("invalid media parameter");
    }
    at++;
    skipSpace();
  }

  /** A token or what stands in quotation marks; nothing is taken where there is neither. */
  private String value() {
    if (at == text.length() || text.charAt(at) != '"') {
      return token();
    }
    StringBuilder value = new StringBuilder();
    for (int next = at + 1; next < text.length(); next++) {
      char character = text.charAt(next);
      if (character == '"') {
        at = next + 1;
        return value.toString();
      }
      boolean escapes =
          character == '\\'
              && next + 1 < text.length()
              && SPECIALS.indexOf(text.charAt(next + 1)) >= 0;
      value.append(escapes ? text.charAt(++next) : character);
    }
    return "";
  }

  private String token() {
    int start = at;
    while (at < text.length() && isOfToken(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isOfToken(char character) {
    return character > ' ' && character < 0x7f && SPECIALS.indexOf(character) < 0;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
