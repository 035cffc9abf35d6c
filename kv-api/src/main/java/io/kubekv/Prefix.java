package io.kubekv;

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

  @Override
  public String toString() {
    return text;
  }
}
