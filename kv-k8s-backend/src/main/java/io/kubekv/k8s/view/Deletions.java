package io.kubekv.k8s.view;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects that somebody has deleted, held back for a moment: one is a proposal to delete its key,
 * very many at once are damage to the view. Belongs to the view's thread.
 */
final class Deletions {
  private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(3).toNanos();

  private final int most;
  private final List<Deletion> waiting = new ArrayList<>();
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
   * @param most how many at once are deletes of keys
   */
  Deletions(int most) {
    this.most = most;
  }

  void add(Deletion deletion, long now) {
    if (waiting.isEmpty()) {
      first = now;
    }
    last = now;
    waiting.add(deletion);
  }

  /** Those that belong together, once it has become quiet; empty before. */
  List<Deletion> due(long now) {
    boolean isDue = now - last >= QUIET_NANOS || now - first >= LONGEST_NANOS;
    return isDue ? List.copyOf(waiting) : List.of();
  }

  /** Whether so many at once are no deletes of keys. */
  boolean isDamage(int deleted, int left) {
    return deleted > most || (deleted > 1 && left == 0);
  }

  void done(Deletion deletion) {
    waiting.remove(deletion);
  }
}
