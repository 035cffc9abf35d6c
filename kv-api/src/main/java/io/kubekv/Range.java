package io.kubekv;

import java.util.Optional;

/** A set of keys that one list, watch or range delete covers. */
public sealed interface Range {
  /** One key. */
  record Exact(Key key) implements Range {}

  /** All keys with a string prefix. */
  record WithPrefix(Prefix prefix) implements Range {}

  /** A key and everything below it: {@code a} covers {@code a} and {@code a/b}, not {@code ab}. */
  record Tree(Key top) implements Range {
    private boolean covers(String key) {
      int end = top.text().length();
      return key.startsWith(top.text()) && (key.length() == end || key.charAt(end) == '/');
    }
  }

  /**
   * All keys from one on, up to another: etcd v3's ranges, of which those with a prefix are the
   * most common. Empty when {@code to} is not behind {@code from}.
   *
   * @param from the first key that may be among them
   * @param to the first that is not any more; absent: all that follow
   */
  record Between(Key from, Optional<Key> to) implements Range {
    /**
     * The longest prefix of {@code from} that all keys of the range share, whichever there are. It
     * covers every key of the range, and keys before {@code from}. Costs no more than reading both
     * ends.
     */
    private Prefix shared() {
      String text = from.text();
      if (to.isEmpty()) {
        return new Prefix(text.substring(0, pastLast(0)));
      }
      if (to.get().compareTo(from) <= 0) {
        return new Prefix(text);
      }
      int same = alike(text, to.get().text());
      if (same == text.length()) {
        return new Prefix(text);
      }
      int one = text.offsetByCodePoints(same, 1);
      boolean all = new Prefix(text.substring(0, one)).behind().equals(to);
      return new Prefix(text.substring(0, all ? pastLast(one) : same));
    }

    /** Where two texts begin to differ, in whole characters. */
    private static int alike(String text, String other) {
      int most = Math.min(text.length(), other.length());
      int same = 0;
      while (same < most && text.codePointAt(same) == other.codePointAt(same)) {
        same += Character.charCount(text.codePointAt(same));
      }
      return same;
    }

    /** From there on, past the characters of {@code from} that no other is behind. */
    private int pastLast(int start) {
      String text = from.text();
      int end = start;
      while (end < text.length() && text.codePointAt(end) == Character.MAX_CODE_POINT) {
        end = text.offsetByCodePoints(end, 1);
      }
      return end;
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
      case Tree tree -> tree.covers(key.text());
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
