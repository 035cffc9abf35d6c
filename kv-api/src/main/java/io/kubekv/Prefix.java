package io.kubekv;

import java.util.Optional;

/**
 * The beginning that a set of keys shares: a plain string prefix, not a path ({@code docker/net} is
 * a prefix of {@code docker/network}). The empty one is shared by all keys.
 *
 * @param text the prefix; {@link IllegalArgumentException} on NUL or unpaired surrogates
 */
public record Prefix(String text) {
  public static final Prefix ALL = new Prefix("");

  public Prefix {
    Texts.requireUnicode("prefix", text);
  }

  public boolean matches(Key key) {
    return key.text().startsWith(text);
  }

  /** The first text behind all keys that begin with it; empty when there is none. */
  public Optional<Key> behind() {
    int end = text.length();
    while (end > 0) {
      int last = text.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return Optional.of(new Key(text.substring(0, end) + Character.toString(next)));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
