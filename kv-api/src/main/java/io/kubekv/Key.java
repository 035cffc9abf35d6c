package io.kubekv;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of an entry: non-empty Unicode text without NUL and without unpaired surrogates, at most
 * as long as {@link Limits#maxKeyBytes()} says. The store gives {@code /} no meaning except where a
 * request asks for {@link Layout#TREE}. Keys are ordered by their UTF-8 bytes.
 *
 * @param text the key; {@link IllegalArgumentException} when it is not as above
 */
public record Key(String text) implements Comparable<Key> {
  public Key {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a key is empty");
    }
    Texts.requireUnicode("key", text);
  }

  public static Key of(String text) {
    return new Key(text);
  }

  /** The length in UTF-8 bytes, which is what limits count. */
  public int size() {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The number of path elements: one more than the number of {@code /}. */
  public int depth() {
    return 1 + (int) text.chars().filter(c -> c == '/').count();
  }

  /** The key up to the last {@code /}; empty at the top and where nothing stands before it. */
  public Optional<Key> parent() {
    int slash = text.lastIndexOf('/');
    return slash <= 0 ? Optional.empty() : Optional.of(new Key(text.substring(0, slash)));
  }

  /** The prefix that everything below this key shares: the key and a {@code /}. */
  public Prefix below() {
    return new Prefix(text + "/");
  }

  @Override
  public int compareTo(Key other) {
    return Texts.compareByUtf8(text, other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
