package io.kubekv;

import java.util.Optional;

/** A set of keys that one list, watch or range delete covers. */
public sealed interface Range {
  /** One key. */
  record Exact(Key key) implements Range {}

  /** All keys with a string prefix. */
  record WithPrefix(Prefix prefix) implements Range {}

  /** A key and everything below it: {@code a} covers {@code a} and {@code a/b}, not {@code ab}. */
  record Tree(Key top) implements Range {}

  /**
   * All keys from one on, up to another: etcd v3's ranges, of which those with a prefix are the
   * most common. Empty when {@code to} is not behind {@code from}.
   *
   * @param from the first key that may be among them
   * @param to the first that is not any more; absent: all that follow
   */
  record Between(Key from, Optional<Key> to) implements Range {
    /**
     * The longest prefix that all keys of the range share, whichever there are. It covers every key
     * of the range, and keys before {@code from}.
     */
    private Prefix shared() {
      String text = from.text();
      for (int end = text.length(); end > 0; end = text.offsetByCodePoints(end, -1)) {
        Prefix prefix = new Prefix(text.substring(0, end));
        Optional<Key> behind = prefix.behind();
        if (behind.isEmpty() || to.isPresent() && to.get().compareTo(behind.get()) <= 0) {
          return prefix;
        }
      }
      return Prefix.ALL;
    }
  }

  /** Every key of the store. */
  static Range all() {
    return new WithPrefix(Prefix.ALL);
  }

  default boolean contains(Key key) {
    return switch (this) {
      case Exact exact -> exact.key().equals(key);
      case WithPrefix with -> with.prefix().matches(key);
      case Tree tree -> tree.top().equals(key) || tree.top().below().matches(key);
      case Between between ->
          key.compareTo(between.from()) >= 0
              && between.to().map(to -> key.compareTo(to) < 0).orElse(true);
    };
  }

  /** The key that is covered by itself, apart from {@link #below()}. */
  default Optional<Key> self() {
    return switch (this) {
      case Exact exact -> Optional.of(exact.key());
      case WithPrefix with -> Optional.empty();
      case Tree tree -> Optional.of(tree.top());
      case Between between -> Optional.empty();
    };
  }

  /**
   * The prefix of all covered keys but {@link #self()}; empty for a single key. Of {@link Between}
   * it is the longest, and has keys that the range does not cover.
   */
  default Optional<Prefix> below() {
    return switch (this) {
      case Exact exact -> Optional.empty();
      case WithPrefix with -> Optional.of(with.prefix());
      case Tree tree -> Optional.of(tree.top().below());
      case Between between -> Optional.of(between.shared());
    };
  }
}
