package io.kubekv.transport.access;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import java.util.function.Predicate;

/**
 * The paths under which Kubernetes is asked about a store: {@code /kv/STORE/KEY} for a key, {@code
 * /kv/STORE/PREFIX*} for all keys that begin so. A rule of RBAC for {@code /kv/STORE/a/*} allows
 * every path that begins with {@code /kv/STORE/a/}, the star of a range among them; a rule without
 * a star allows its own path alone, and so never a range (kubernetes, pkg/apis/rbac/v1,
 * NonResourceURLMatches).
 */
record Paths(String store) {
  /** The sessions of the store, all together. */
  String sessions() {
    return "/sessions/" + store;
  }

  /** What the replicas of the store tell each other. */
  String replicas() {
    return "/replicas/" + store;
  }

  /** What was before; nobody is asked about it, it stands in the audit log alone. */
  String history() {
    return "/history/" + store;
  }

  /**
   * Whether a key is allowed by a path that covers it. The widest is tried first, so that one
   * decision serves all keys that a grant covers.
   */
  boolean anyCovering(Key key, Predicate<String> allowed) {
    return anyAbove(key.text(), allowed) || allowed.test(root() + key.text());
  }

  /** Whether all keys with a prefix are allowed by one path that covers them. */
  boolean anyCovering(Prefix prefix, Predicate<String> allowed) {
    String text = prefix.text();
    boolean triedItself = text.isEmpty() || text.endsWith("/");
    return anyAbove(text, allowed) || (!triedItself && allowed.test(root() + text + "*"));
  }

  private boolean anyAbove(String text, Predicate<String> allowed) {
    if (allowed.test(root() + "*")) {
      return true;
    }
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
      if (allowed.test(root() + text.substring(0, slash + 1) + "*")) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the audit log has of a range: the path that stands for it, of a tree that of its top with
   * a slash and a star. Of keys between two no path tells which they are, so it is both ends.
   */
  String of(Range range) {
    return switch (range) {
      case Range.Exact exact -> root() + exact.key();
      case Range.WithPrefix with -> root() + with.prefix() + "*";
      case Range.Tree tree -> root() + tree.top().below() + "*";
      case Range.Between between ->
          root() + "[" + between.from() + "," + between.to().map(Key::text).orElse("") + ")";
    };
  }

  private String root() {
    return "/kv/" + store + "/";
  }
}
