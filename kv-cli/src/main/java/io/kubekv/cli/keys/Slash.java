package io.kubekv.cli.keys;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.cli.terminal.Texts;

/** Says to those who come from etcd v2 that its /a is the key a. */
final class Slash {
  private Slash() {}

  /** What to say of a key that is not there; empty: nothing more. */
  static String hint(KeyValueStore store, String key, Freshness freshness) {
    String without = key.replaceFirst("^/+", "");
    if (without.equals(key) || without.isEmpty()) {
      return "";
    }
    return Await.read(store.get(Key.of(without), freshness)).entry().isPresent()
        ? "; there is the key '" + Texts.line(without) + "', without the slash"
        : "; keys of the etcd v2 API have no slash in front: /a is the key a";
  }

  /** The same of a prefix that no key has. */
  static String hint(String prefix) {
    return prefix.startsWith("/")
        ? "no key begins with "
            + Texts.line(prefix)
            + "; keys of the etcd v2 API have no slash in front: /a is the key a"
        : "";
  }
}
