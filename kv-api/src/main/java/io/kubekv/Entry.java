package io.kubekv;

import java.util.Optional;

/**
 * A key with its value as it stood at one revision.
 *
 * @param key the key
 * @param kind value or directory
 * @param value the value; empty for a directory
 * @param flags an unsigned 64-bit number that the client keeps with the value (Consul's flags)
 * @param createRevision the revision of the put that made the entry, or last replaced it
 * @param modifyRevision the revision of the last change
 * @param version the number of puts since the key had no entry, from 1
 * @param expiry when the entry ends by itself, absent when it does not
 * @param lock who holds the key, and since when
 * @param attachedTo the session with whose end the entry ends, absent when there is none
 * @param metadata what a door keeps beside the value; {@link Metadata#NONE} where it keeps nothing
 * @param created {@link Times#created}; a number and no object, as there are many entries
 * @param modified {@link Times#modified}
 */
public record Entry(
    Key key,
    Kind kind,
    Bytes value,
    long flags,
    Revision createRevision,
    Revision modifyRevision,
    long version,
    Optional<Expiry> expiry,
    LockState lock,
    Optional<SessionId> attachedTo,
    Metadata metadata,
    long created,
    long modified) {
  /** The same with times in one piece. */
  public Entry(
      Key key,
      Kind kind,
      Bytes value,
      long flags,
      Revision createRevision,
      Revision modifyRevision,
      long version,
      Optional<Expiry> expiry,
      LockState lock,
      Optional<SessionId> attachedTo,
      Metadata metadata,
      Times times) {
    this(
        key,
        kind,
        value,
        flags,
        createRevision,
        modifyRevision,
        version,
        expiry,
        lock,
        attachedTo,
        metadata,
        times.created(),
        times.modified());
  }

  /** An entry that is attached to no session, with neither metadata nor times. */
  public Entry(
      Key key,
      Kind kind,
      Bytes value,
      long flags,
      Revision createRevision,
      Revision modifyRevision,
      long version,
      Optional<Expiry> expiry,
      LockState lock) {
    this(
        key,
        kind,
        value,
        flags,
        createRevision,
        modifyRevision,
        version,
        expiry,
        lock,
        Optional.empty(),
        Metadata.NONE,
        Times.NONE);
  }

  /** How many bytes its value and its metadata have. */
  public long contentBytes() {
    return (long) value.size() + metadata.content().size();
  }

  /** The same with other metadata. */
  public Entry withMetadata(Metadata newMetadata) {
    return new Entry(
        key,
        kind,
        value,
        flags,
        createRevision,
        modifyRevision,
        version,
        expiry,
        lock,
        attachedTo,
        newMetadata,
        created,
        modified);
  }

  /** When it was made and changed. */
  public Times times() {
    return new Times(created, modified);
  }

  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
