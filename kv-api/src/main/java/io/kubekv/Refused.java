package io.kubekv;

import java.time.Duration;
import java.util.Optional;

/**
 * A change that did not happen because the state forbade it. Nothing was written.
 *
 * @param reason why
 * @param entry the entry that forbade it: the key's own, or for {@link Reason#NOT_A_DIRECTORY} and
 *     {@link Reason#EPHEMERAL_PARENT} the one above it; absent when there is none
 * @param revision the revision of the state that decided; the entry is as of it, so nobody needs to
 *     read again
 * @param delay of {@link Reason#LOCK_DELAYED}: for how long, from that state on, the key cannot be
 *     acquired; a change of the key may end it sooner. Absent of any other reason
 */
public record Refused(
    Reason reason, Optional<Entry> entry, Revision revision, Optional<Duration> delay)
    implements PutOutcome, DeleteOutcome {
  /** Why a change was refused. */
  public enum Reason {
    /** The key was to be absent and has an entry; with {@link Layout#NODES}, or is implied. */
    EXISTS,
    /** The key was to have an entry and has none. */
    MISSING,
    /**
     * The entry's revision, version or value is not the expected one, or its metadata's version, or
     * the session's revision.
     */
    CHANGED,
    /** Tree only: the key is a directory where a value is needed. */
    IS_DIRECTORY,
    /** Tree only: something above the key is a value. */
    NOT_A_DIRECTORY,
    /** Tree and nodes only: it has entries below it. */
    NOT_EMPTY,
    /** A session holds the key that another was to acquire, or that a check wants free. */
    HELD,
    /**
     * The key cannot be acquired yet: a session that held it ended less than its lock delay ago.
     */
    LOCK_DELAYED,
    /** The session that was to release the key, hand it over or hold it does not hold it. */
    NOT_HELD,
    /**
     * The session that was to hold the key, that it was to be attached to, or that a check wants
     * alive, does not live.
     */
    NO_SESSION,
    /** The put's fencing token is lower than one that the entry has seen. */
    FENCED,
    /** Nodes only: the node above the one that was to be made is not there. */
    NO_PARENT,
    /** Nodes only: the node above the one that was to be made ends with a session. */
    EPHEMERAL_PARENT
  }

  /** Refused for another reason than a lock delay. */
  public Refused(Reason reason, Optional<Entry> entry, Revision revision) {
    this(reason, entry, revision, Optional.empty());
  }

  public static Refused of(Reason reason, Entry entry, Revision revision) {
    return new Refused(reason, Optional.of(entry), revision);
  }
}
