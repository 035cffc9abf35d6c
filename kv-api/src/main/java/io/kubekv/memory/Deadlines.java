package io.kubekv.memory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * When what ends, by a monotonic clock in nanoseconds from 0. Not thread-safe.
 *
 * @param <K> names what ends
 */
final class Deadlines<K extends Comparable<K>> {
  /** Longer times to live than this never end. */
  static final Duration LONGEST = Duration.ofDays(36_500);

  private record Deadline<K extends Comparable<K>>(long nanos, K key)
      implements Comparable<Deadline<K>> {
    @Override
    public int compareTo(Deadline<K> other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }

  private final TreeSet<Deadline<K>> inOrder = new TreeSet<>();
  private final Map<K, Deadline<K>> byKey = new HashMap<>();

  /** Gives the key this deadline instead of the one it had. */
  void set(K key, long nanos) {
    clear(key);
    Deadline<K> deadline = new Deadline<>(nanos, key);
    inOrder.add(deadline);
    byKey.put(key, deadline);
  }

  void clear(K key) {
    Deadline<K> deadline = byKey.remove(key);
    if (deadline != null) {
      inOrder.remove(deadline);
    }
  }

  /** When the key's deadline is. */
  OptionalLong of(K key) {
    Deadline<K> deadline = byKey.get(key);
    return deadline == null ? OptionalLong.empty() : OptionalLong.of(deadline.nanos());
  }

  /** The first key whose deadline has passed. */
  Optional<K> due(long nowNanos) {
    return inOrder.isEmpty() || inOrder.first().nanos() > nowNanos
        ? Optional.empty()
        : Optional.of(inOrder.first().key());
  }

  /** How long until the next deadline; {@link #LONGEST} when there is none. */
  long nanosUntilNext(long nowNanos) {
    return inOrder.isEmpty() ? LONGEST.toNanos() : Math.max(0, inOrder.first().nanos() - nowNanos);
  }
}
