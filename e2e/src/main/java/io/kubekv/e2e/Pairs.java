package io.kubekv.e2e;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which value of one server stands for which of the other: equal ones for equal ones throughout
 * and, where the order counts, greater ones for greater ones.
 */
final class Pairs<T extends Comparable<T>> {
  private final boolean ordered;
  private final NavigableMap<T, T> forth = new TreeMap<>();
  private final NavigableMap<T, T> back = new TreeMap<>();

  Pairs(boolean ordered) {
    this.ordered = ordered;
  }

  /** Whether the two may stand for each other; two that are both new do so from now on. */
  boolean match(T one, T other) {
    T known = forth.get(one);
    if (known != null || back.containsKey(other)) {
      return known != null && known.compareTo(other) == 0;
    }
    if (ordered && !fits(one, other)) {
      return false;
    }
    forth.put(one, other);
    back.put(other, one);
    return true;
  }

  /** Why the two do not match. */
  String conflict(T one, T other) {
    T known = forth.get(one);
    if (known != null) {
      return "%s beside %s, where %s has stood for it".formatted(one, other, known);
    }
    T taken = back.get(other);
    return taken != null
        ? "%s beside %s, which has stood for %s".formatted(one, other, taken)
        : "%s beside %s, which is out of order".formatted(one, other);
  }

  private boolean fits(T one, T other) {
    Map.Entry<T, T> below = forth.lowerEntry(one);
    Map.Entry<T, T> above = forth.higherEntry(one);
    return (below == null || below.getValue().compareTo(other) < 0)
        && (above == null || above.getValue().compareTo(other) > 0);
  }
}
