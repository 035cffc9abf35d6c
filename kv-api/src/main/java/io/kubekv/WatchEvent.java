package io.kubekv;

import java.util.List;
import java.util.Optional;

/**
 * What a watch delivers.
 *
 * <pre>{@code
 * switch (event) {
 *   case WatchEvent.Put put -> ...
 *   case WatchEvent.Delete delete -> ...
 *   case WatchEvent.Progress progress -> ...
 *   case WatchEvent.HistoryGone gone -> list again, watch from the listing's revision
 * }
 * }</pre>
 */
public sealed interface WatchEvent {
  /** The revision of the change; for the last two, up to where the watch knows or can know. */
  Revision revision();

  /**
   * An entry was made or changed.
   *
   * @param entry the entry after the change
   * @param previous the entry before it
   * @param cause why; {@link Cause#PARENT} and {@link Cause#REFRESH} are changes that etcd v2's
   *     watchers do not see
   * @param author who made the call; of a directory made on the way, too. Nobody where it happened
   *     by itself, or a session ended
   */
  record Put(Entry entry, Optional<Entry> previous, Cause cause, Author author)
      implements WatchEvent {
    /** A change of which nobody knows who made it. */
    public Put(Entry entry, Optional<Entry> previous, Cause cause) {
      this(entry, previous, cause, Author.NONE);
    }

    @Override
    public Revision revision() {
      return entry.modifyRevision();
    }
  }

  /**
   * An entry ended.
   *
   * @param revision the revision of the change
   * @param previous the entry before it
   * @param cause why
   * @param below the entries that went with it, ordered by key: not empty only for the top of a
   *     tree. A watch whose range covers only some of them, and not the top, still gets the whole
   *     event
   * @param author as of a {@link Put}
   */
  record Delete(Revision revision, Entry previous, Cause cause, List<Entry> below, Author author)
      implements WatchEvent {
    public Delete {
      below = List.copyOf(below);
    }

    /** An end of which nobody knows who made it. */
    public Delete(Revision revision, Entry previous, Cause cause, List<Entry> below) {
      this(revision, previous, cause, below, Author.NONE);
    }
  }

  /**
   * Every event of the range up to this revision has been delivered. Comes once after the events
   * that were already known when the watch began, and later as the store sees fit.
   */
  record Progress(Revision revision) implements WatchEvent {}

  /**
   * Events were lost or can no longer be had: the last event of the watch. Read the range again.
   *
   * @param revision the first revision that a new watch may start from
   * @param differences what is known to differ, within the range, between the state that the watch
   *     has led to and the one behind the gap, in order of revision. Not what happened: of several
   *     changes of a key only the last is there, with the previous entry only where that is sure,
   *     and an entry that vanished has a revision that no change has. Empty where nothing is known
   */
  record HistoryGone(Revision revision, List<WatchEvent> differences) implements WatchEvent {
    public HistoryGone {
      differences = List.copyOf(differences);
    }

    /** A gap of which no more is known. */
    public HistoryGone(Revision revision) {
      this(revision, List.of());
    }
  }
}
