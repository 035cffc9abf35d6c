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

  /** Every key of the store. */
  static Range all() {
    return new WithPrefix(Prefix.ALL);
  }

  default boolean contains(Key key) {
    return switch (this) {
      case Exact exact -> exact.key().equals(key);
      case WithPrefix with -> with.prefix().matches(key);
      case Tree tree -> tree.top().equals(key) || tree.top().below().matches(key);
    };
  }

  /** The key that is covered by itself, apart from {@link #below()}. */
  default Optional<Key> self() {
    return switch (this) {
      case Exact exact -> Optional.of(exact.key());
      case WithPrefix with -> Optional.empty();
      case Tree tree -> Optional.of(tree.top());
    };
  }

  /** The prefix of all covered keys but {@link #self()}; empty for a single key. */
  default Optional<Prefix> below() {
    return switch (this) {
      case Exact exact -> Optional.empty();
      case WithPrefix with -> Optional.of(with.prefix());
      case Tree tree -> Optional.of(tree.top().below());
    };
  }
}
