package io.kubekv.k8s;

import io.kubekv.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in the order of its keys. Every change makes a new map that shares all but a
 * path with the old one, so that a reader who holds a map has a snapshot and nobody locks.
 *
 * <p>A weight-balanced tree (Adams; the factors are those of Haskell's Data.Map).
 */
final class OrderedMap<V> {
  private static final int DELTA = 3;
  private static final int RATIO = 2;

  private record Node<V>(
      Key key, V value, @Nullable Node<V> left, @Nullable Node<V> right, int size) {
    static <V> Node<V> of(Key key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
      return new Node<>(key, value, left, right, 1 + sizeOf(left) + sizeOf(right));
    }
  }

  private final @Nullable Node<V> root;

  private OrderedMap(@Nullable Node<V> root) {
    this.root = root;
  }

  static <V> OrderedMap<V> empty() {
    return new OrderedMap<>(null);
  }

  /** The map of these entries, which are ordered by key and hold each key once. */
  static <V> OrderedMap<V> ofSorted(List<Map.Entry<Key, V>> sorted) {
    return new OrderedMap<>(build(sorted, 0, sorted.size()));
  }

  int size() {
    return sizeOf(root);
  }

  Optional<V> get(Key key) {
    Node<V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return Optional.of(node.value);
      }
      node = order < 0 ? node.left : node.right;
    }
    return Optional.empty();
  }

  OrderedMap<V> with(Key key, V value) {
    return new OrderedMap<>(put(root, key, value));
  }

  OrderedMap<V> without(Key key) {
    return get(key).isEmpty() ? this : new OrderedMap<>(remove(root, key));
  }

  /** The value of the first key that is not before {@code key}. */
  Optional<V> ceiling(Key key) {
    Node<V> node = root;
    Optional<V> found = Optional.empty();
    while (node != null) {
      if (key.compareTo(node.key) <= 0) {
        found = Optional.of(node.value);
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** The value of the first key behind all that start with {@code prefix}. */
  Optional<V> afterPrefix(Key prefix) {
    Node<V> node = root;
    Optional<V> found = Optional.empty();
    while (node != null) {
      if (node.key.compareTo(prefix) > 0 && !node.key.text().startsWith(prefix.text())) {
        found = Optional.of(node.value);
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** Visits all values in the order of their keys until {@code visitor} says false. */
  void forEach(Predicate<V> visitor) {
    visit(root, visitor);
  }

  /** Visits the values from a key on, in order, until {@code visitor} says false. */
  void forEachFrom(Key from, Predicate<V> visitor) {
    visitFrom(root, from, visitor);
  }

  private static <V> boolean visit(@Nullable Node<V> node, Predicate<V> visitor) {
    return node == null
        || (visit(node.left, visitor) && visitor.test(node.value) && visit(node.right, visitor));
  }

  private static <V> boolean visitFrom(@Nullable Node<V> node, Key from, Predicate<V> visitor) {
    if (node == null) {
      return true;
    }
    if (node.key.compareTo(from) < 0) {
      return visitFrom(node.right, from, visitor);
    }
    return visitFrom(node.left, from, visitor)
        && visitor.test(node.value)
        && visit(node.right, visitor);
  }

  private static int sizeOf(@Nullable Node<?> node) {
    return node == null ? 0 : node.size;
  }

  private static <V> @Nullable Node<V> build(List<Map.Entry<Key, V>> sorted, int from, int to) {
    if (from == to) {
      return null;
    }
    int middle = (from + to) >>> 1;
    Map.Entry<Key, V> entry = sorted.get(middle);
    return Node.of(
        entry.getKey(),
        entry.getValue(),
        build(sorted, from, middle),
        build(sorted, middle + 1, to));
  }

  private static <V> Node<V> put(@Nullable Node<V> node, Key key, V value) {
    if (node == null) {
      return Node.of(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(key, value, node.left, node.right, node.size);
    }
    return order < 0
        ? balance(node.key, node.value, put(node.left, key, value), node.right)
        : balance(node.key, node.value, node.left, put(node.right, key, value));
  }

  private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, Key key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return join(node.left, node.right);
    }
    return order < 0
        ? balance(node.key, node.value, remove(node.left, key), node.right)
        : balance(node.key, node.value, node.left, remove(node.right, key));
  }

  private static <V> @Nullable Node<V> join(@Nullable Node<V> left, @Nullable Node<V> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (left.size > right.size) {
      Node<V> last = left;
      for (Node<V> next = last.right; next != null; next = last.right) {
        last = next;
      }
      return balance(last.key, last.value, remove(left, last.key), right);
    }
    Node<V> first = right;
    for (Node<V> next = first.left; next != null; next = first.left) {
      first = next;
    }
    return balance(first.key, first.value, left, remove(right, first.key));
  }

  /** A node over two balanced trees of which at most one has changed, by one. */
  private static <V> Node<V> balance(
      Key key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
    int leftSize = sizeOf(left);
    int rightSize = sizeOf(right);
    if (leftSize + rightSize > 1) {
      if (right != null && rightSize > DELTA * leftSize) {
        return liftRight(key, value, left, right);
      }
      if (left != null && leftSize > DELTA * rightSize) {
        return liftLeft(key, value, left, right);
      }
    }
    return Node.of(key, value, left, right);
  }

  private static <V> Node<V> liftRight(Key key, V value, @Nullable Node<V> left, Node<V> right) {
    Node<V> inner = right.left;
    if (inner == null || inner.size < RATIO * sizeOf(right.right)) {
      return Node.of(right.key, right.value, Node.of(key, value, left, inner), right.right);
    }
    return Node.of(
        inner.key,
        inner.value,
        Node.of(key, value, left, inner.left),
        Node.of(right.key, right.value, inner.right, right.right));
  }

  private static <V> Node<V> liftLeft(Key key, V value, Node<V> left, @Nullable Node<V> right) {
    Node<V> inner = left.right;
    if (inner == null || inner.size < RATIO * sizeOf(left.left)) {
      return Node.of(left.key, left.value, left.left, Node.of(key, value, inner, right));
    }
    return Node.of(
        inner.key,
        inner.value,
        Node.of(left.key, left.value, left.left, inner.left),
        Node.of(key, value, inner.right, right));
  }
}
