package io.kubekv.e2e.faults.history;

/**
 * What came to a client that watches all keys below a prefix.
 *
 * @param watcher who watches
 * @param replica whose stream it is
 * @param received when it came
 * @param kind what came
 * @param prefix what the watched keys begin with
 * @param key the key that changed; empty where nothing did
 * @param value the value it has now; empty where it has none
 * @param revision of the change. Of a start: that after which every change must come. Of an end:
 *     that up to which every change must have come
 * @param before what the key was before the change, where the event tells it
 */
public record WatchSeen(
    String watcher,
    String replica,
    long received,
    Kind kind,
    String prefix,
    String key,
    String value,
    long revision,
    Sight before)
    implements Line {

  /** What can come to a watcher. */
  public enum Kind {
    /** It begins, or begins anew after it was told of a gap. */
    STARTED,
    /** A key was stored. */
    PUT,
    /** A key was deleted. */
    DELETED,
    /** The server said that it cannot tell all; the next is a start. */
    GONE,
    /**
     * As {@link #GONE}, said to a client that asks for one change at a time, when it asks for the
     * next: the answer before may have come from behind the gap, and others be missing before it.
     */
    CLEARED,
    /** The watcher has seen what the run waited for, and ends. */
    ENDED
  }

  /** Whether the server said that it cannot tell all. */
  public boolean isGap() {
    return kind == Kind.GONE || kind == Kind.CLEARED;
  }

  /** Whether a key changed. */
  public boolean isChange() {
    return kind == Kind.PUT || kind == Kind.DELETED;
  }
}
