package io.kubekv.engine.state;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Metadata;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * The entry of the key has this metadata from now on; nothing where it has no entry. Watches do
   * not see it.
   */
  record MetadataSet(Key key, Metadata metadata) implements Change {}

  /** A session lives and is this from now on; one that lived before was taken up. */
  record SessionBegun(Session session) implements Change {}

  /** A session lives no more. What becomes of its keys is said by further changes. */
  record SessionEnded(SessionId id) implements Change {}

  /** Nobody acquires the key for this long, counted by whoever holds the log. */
  record Delayed(Key key, Duration delay) implements Change {}

  /** The key can be acquired again. Nobody sees it as a change: it has no revision of its own. */
  record DelayOver(Key key) implements Change {}

  /** The store has this name: the first change of all, which has a revision and no event. */
  record Founded(long storeId) implements Change {}

  /**
   * The store's own clock has gone on ({@link Clocks}). Nobody sees it as a change.
   *
   * @param clock what it shows now, in nanoseconds
   * @param seen the entries of this revision or before had come back from the log by then: their
   *     times have begun
   * @param ends when sessions end that were not renewed for long; immutable
   */
  record TimePassed(long clock, Revision seen, Map<SessionId, Long> ends) implements Change {
    public TimePassed {
      ends = Collections.unmodifiableMap(new LinkedHashMap<>(ends));
    }

    /** Whether the time of an entry has begun. */
    boolean hasSeen(Entry entry) {
      return !entry.modifyRevision().isAfter(seen);
    }
  }

  /** What was before a revision is forgotten, for good. Nobody sees it as a change. */
  record Compacted(Revision first) implements Change {}

  /** A session was renewed whose end was recorded. Nobody sees it as a change. */
  record Renewed(SessionId id) implements Change {}

  /**
   * A feature may be used from now on. Nobody sees it as a change.
   *
   * @param name of a {@link Feature}, perhaps of a later version
   * @param since the first version that knows it
   */
  record SwitchedOn(String name, String since) implements Change {}

  /** About how many bytes the change takes in a log. */
  default long bytes() {
    return OVERHEAD_BYTES
        + switch (this) {
          case Put put ->
              2L * OVERHEAD_BYTES + put.entry().key().size() + put.entry().contentBytes();
          case MetadataSet set -> set.key().size() + set.metadata().content().size();
          case Delete delete ->
              delete.key().size()
                  + delete.below().stream().mapToLong(key -> key.size() + Long.BYTES).sum();
          case SessionBegun begun -> bytes(begun.session().spec());
          case SessionEnded ended -> 0;
          case Delayed delayed -> delayed.key().size();
          case DelayOver over -> over.key().size();
          case Founded founded -> 0;
          case TimePassed passed -> OVERHEAD_BYTES * passed.ends().size();
          case Renewed renewed -> 0;
          case Compacted compacted -> 0;
          case SwitchedOn on -> on.name().length() + on.since().length();
        };
  }

  private static long bytes(SessionSpec spec) {
    return OVERHEAD_BYTES + 3L * (spec.name().length() + spec.note().length());
  }
}
