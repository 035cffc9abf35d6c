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
    String kept = text;
    while (!kept.isEmpty()) {
      int last = kept.codePointBefore(kept.length());
      kept = kept.substring(0, kept.length() - Character.charCount(last));
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return Optional.of(new Key(kept + Character.toString(next)));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
