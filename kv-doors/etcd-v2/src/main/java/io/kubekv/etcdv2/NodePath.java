package io.kubekv.etcdv2;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import java.util.Optional;

/**
 * A node of etcd's tree: the root, or a key. {@code /a/b} is key {@code a/b}.
 *
 * @param key the key; absent for the root
 */
record NodePath(Optional<Key> key) {
  static final NodePath ROOT = new NodePath(Optional.empty());

  /**
   * The node behind a decoded path below {@code /v2/keys}, already clean; a slash at the end means
   * nothing.
   */
  static NodePath of(byte[] path) throws EtcdError {
    String text =
        Bytes.copyOf(path)
            .asText()
            .orElseThrow(
                () -> EtcdError.ofRequest(ErrorCode.INVALID_FIELD, "the key is not valid UTF-8"));
    int end = text.endsWith("/") ? text.length() - 1 : text.length();
    try {
      return end == 0 ? ROOT : new NodePath(Optional.of(Key.of(text.substring(1, end))));
    } catch (IllegalArgumentException e) {
      throw EtcdError.ofRequest(ErrorCode.INVALID_FIELD, String.valueOf(e.getMessage()));
    }
  }

  static NodePath of(Key key) {
    return new NodePath(Optional.of(key));
  }

  /** As etcd shows it: with a slash in front. */
  String shown() {
    return key.map(NodePath::shown).orElse("/");
  }

  static String shown(Key key) {
    return "/" + key.text();
  }

  /** The node and everything below it. */
  Range tree() {
    return key.<Range>map(Range.Tree::new).orElse(Range.all());
  }

  /** What all keys below it begin with. */
  Prefix below() {
    return key.map(Key::below).orElse(Prefix.ALL);
  }
}
