package io.kubekv.engine.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A totally ordered log of entries with a snapshot below it, and the fence between those who write:
 * a position is given once.
 *
 * <p>An entry is <em>decided</em> when it stands at its position and follows the decided entry
 * before it ({@link LogEntry#follows}). No method blocks. A future that fails says nothing: of an
 * append, that nobody knows whether it has taken effect, or yet will.
 */
public interface Log extends AutoCloseable {
  /** What became of an append. */
  sealed interface Appended {
    /** The entry stands at its position. */
    record Ours() implements Appended {}

    /** Another entry stands there, or the position has been trimmed: this one never will. */
    record Taken() implements Appended {}

    /**
     * There is no room. This attempt has no effect.
     *
     * @param reason why, in words for those who are refused
     */
    record Full(Duration retryAfter, String reason) implements Appended {
      /** Until there is a snapshot. */
      public Full(Duration retryAfter) {
        this(retryAfter, "the log is full");
      }
    }
  }

  /**
   * What the log holds.
   *
   * @param base the newest snapshot; {@link Root#EMPTY} where there is none
   * @param entries every entry above it, in the order of their positions
   */
  record Recovered(Root base, List<LogEntry> entries) {
    public Recovered {
      entries = List.copyOf(entries);
    }
  }

  /** Who is told what comes. Called by one thread at a time; must neither wait nor throw. */
  interface Listener {
    /** The entry at the next position. */
    void decided(LogEntry entry);

    /** Entries were passed over: open again, then follow from there. Nothing more comes. */
    void missed();

    /**
     * What was told does not stand in the log any more: a backup was put back, or somebody else has
     * written there. Nothing more comes. Whoever holds the log keeps a snapshot of what it has, and
     * the log goes on from there.
     *
     * @param reason what was found, and where, in words for an operator
     */
    default void damaged(String reason) {
      missed();
    }

    /**
     * A snapshot of the newest state would be welcome: room gets scarce, or something was damaged
     * that this replica still has. May come at any time, and often.
     */
    default void snapshotWanted() {}
  }

  /**
   * The newest snapshot and every entry above it. When the future fails, an operator is shown the
   * failure's message.
   */
  CompletableFuture<Recovered> open();

  /**
   * Puts an entry at its position if nothing stands there. May be called again with the same entry,
   * which then takes effect once.
   */
  CompletableFuture<Appended> append(LogEntry entry);

  /** Tells a listener of each entry after {@code position}, in order; ends the follower before. */
  void follow(long position, Listener listener);

  /**
   * Keeps a snapshot; once the future completes, entries at or below its position may be dropped.
   * Where the log does not reach up to it any more ({@link Listener#damaged}), it goes on from it.
   */
  CompletableFuture<Void> snapshot(Root root);

  /**
   * Whether the log asks for a snapshot well before it is full, whatever fills it. Then those of a
   * large state are taken after as many bytes of entries as are worth it; otherwise all alike.
   */
  default boolean asksForSnapshots() {
    return false;
  }

  /**
   * How many bytes of entries this process has sent to whoever keeps the log, as they are kept
   * there; never falls. 0 where nobody's room is used up.
   */
  default long written() {
    return 0;
  }

  /** The largest entry that the log takes, in bytes, as {@link LogEntry#bytes} counts them. */
  int maxEntryBytes();

  /**
   * Into how many entries a change may be cut: so few that they leave room for as many others,
   * since no snapshot can be taken between them.
   */
  default int maxParts() {
    return Integer.MAX_VALUE;
  }

  /** Ends following. Never blocks; may be repeated. */
  @Override
  void close();
}
