package io.kubekv.k8s.view;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Objects that somebody has deleted, held back for a moment: one is a proposal to delete its key,
 * very many are damage to the view. Belongs to the view's thread.
 */
final class Deletions {
  private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(3).toNanos();

  /** For how long those that are decided count. */
  private static final long COUNTED_NANOS = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final Map<String, Deletion> waiting = new LinkedHashMap<>();

  /** When the last ones were decided, no more of them than matter. */
  private final Deque<Long> decided = new ArrayDeque<>();

  private long first;
  private long last;

  /**
   * One of them.
   *
   * @param object as it was
   * @param base the revision of the key that it showed
   */
  record Deletion(ViewObject object, Key key, Revision base) {}

  /**
   * @param most how many within a minute are deletes of keys
   */
  Deletions(int most) {
    this.most = most;
  }

  void add(Deletion deletion, long now) {
    if (waiting.isEmpty()) {
      first = now;
    }
    last = now;
    waiting.put(deletion.object().name(), deletion);
  }

  /** The one that waits, of an object of that name. */
  Optional<Deletion> of(String name) {
    return Optional.ofNullable(waiting.get(name));
  }

  /** Those that belong together, once it has become quiet; empty before. */
  List<Deletion> due(long now) {
    boolean isDue = now - last >= QUIET_NANOS || now - first >= LONGEST_NANOS;
    return isDue ? List.copyOf(waiting.values()) : List.of();
  }

  /**
   * Whether these are no deletes of keys: too many within a minute, or all at once.
   *
   * @param deleted how many are due
   * @param left how many objects still show keys
   */
  boolean isDamage(int deleted, long left, long now) {
    while (!decided.isEmpty() && now - decided.element() > COUNTED_NANOS) {
      decided.remove();
    }
    return deleted + decided.size() > most || (deleted > 1 && left == 0);
  }

  /** The object is there again. */
  void withdraw(String name) {
    waiting.remove(name);
  }

  void decided(Deletion deletion, long now) {
    waiting.remove(deletion.object().name());
    decided.add(now);
    if (decided.size() > most) {
      decided.remove();
    }
  }
}
