package io.kubekv.page;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import io.kubekv.golang.Escapes;
import io.kubekv.golang.Escapes.BadEscape;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of a query or a form. What is not UTF-8, or is said twice, is refused: another key
 * would be meant.
 */
final class Fields {
  private static final int MOST = 32;

  private final Map<String, String> values = new TreeMap<>();

  private Fields() {}

  /**
   * Parses them.
   *
   * @param encoded as HTML forms are sent ({@code application/x-www-form-urlencoded})
   */
  static Fields of(String encoded) {
    Fields fields = new Fields();
    String[] pairs = encoded.split("&", MOST + 1);
    if (pairs.length > MOST) {
      throw PageError.bad("The request has more than " + MOST + " fields.");
    }
    for (String pair : pairs) {
      if (!pair.isEmpty()) {
        fields.add(pair);
      }
    }
    return fields;
  }

  /** Those of another form, which are decoded, and each there once. */
  static Fields of(Map<String, String> texts) {
    Fields fields = new Fields();
    fields.values.putAll(texts);
    return fields;
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
    String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
    if (values.putIfAbsent(name, value) != null) {
      throw PageError.bad("The field " + Visible.of(name) + " is there twice.");
    }
  }

  private static String decoded(String text) {
    try {
      byte[] bytes = Escapes.decode(text, true);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (BadEscape | CharacterCodingException wrong) {
      throw PageError.bad("The address has a part that is not percent-encoded UTF-8.");
    }
  }

  /** The value; empty when it is not there. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The key that must be there. */
  Key key() {
    try {
      return Key.of(text("key"));
    } catch (IllegalArgumentException wrong) {
      throw PageError.bad("No key is named, or one that cannot be: " + wrong.getMessage() + ".");
    }
  }

  /** The prefix, all keys when there is none. */
  Prefix prefix() {
    try {
      return new Prefix(text("prefix"));
    } catch (IllegalArgumentException wrong) {
      throw PageError.bad("No key begins like that: " + wrong.getMessage() + ".");
    }
  }

  /** A revision, if it is there. */
  Optional<Revision> revision(String name) {
    if (text(name).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Revision.parse(text(name)));
    } catch (NumberFormatException wrong) {
      throw PageError.bad("The revision " + Visible.of(text(name)) + " is no number.");
    }
  }
}
