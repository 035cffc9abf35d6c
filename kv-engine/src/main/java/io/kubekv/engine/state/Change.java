package io.kubekv.engine.state;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.List;

/**
 * A change that was decided: its result and never a condition, so that {@link State#apply} cannot
 * fail and comes to the same on every replica, whatever rules its version has.
 */
public sealed interface Change {
  /** What a change takes beside keys, values and texts. */
  long OVERHEAD_BYTES = 48;

  /** The key has this entry from now on. */
  record Put(Entry entry, Cause cause) implements Change {}

  /**
   * The key has no entry any more, nor have others below it.
   *
   * @param below the keys that go with it, in order; immutable
   */
  record Delete(Key key, List<Key> below, Cause cause) implements Change {
    public Delete {
      below = List.copyOf(below);
    }
  }

  /** A session lives. */
  record SessionBegun(Session session) implements Change {}

  /** A session lives no more. What becomes of its keys is said by further changes. */
  record SessionEnded(SessionId id) implements Change {}

  /** Nobody acquires the key for this long, counted by whoever holds the log. */
  record Delayed(Key key, Duration delay) implements Change {}

  /** The key can be acquired again. Nobody sees it as a change: it has no revision of its own. */
  record DelayOver(Key key) implements Change {}

  /** The store has this name; the first change of all, without a revision. */
  record Founded(long storeId) implements Change {}

  /** About how many bytes the change takes in a log. */
  default long bytes() {
    return OVERHEAD_BYTES
        + switch (this) {
          case Put put ->
              2L * OVERHEAD_BYTES + put.entry().key().size() + put.entry().value().size();
          case Delete delete ->
              delete.key().size()
                  + delete.below().stream().mapToLong(key -> key.size() + Long.BYTES).sum();
          case SessionBegun begun -> bytes(begun.session().spec());
          case SessionEnded ended -> 0;
          case Delayed delayed -> delayed.key().size();
          case DelayOver over -> over.key().size();
          case Founded founded -> 0;
        };
  }

  private static long bytes(SessionSpec spec) {
    return OVERHEAD_BYTES + 3L * (spec.name().length() + spec.note().length());
  }
}
