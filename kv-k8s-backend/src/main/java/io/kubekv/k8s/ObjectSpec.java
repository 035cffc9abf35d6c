package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.LockState;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.Optional;

/**
 * What we write into an object: all of {@code spec}. The manifest says what each field means to
 * readers of the API.
 *
 * @param key the key, the session's id or the marker's name
 * @param version puts since creation, from 1
 * @param createRevision the revision that created the key, absent in the put that does
 * @param ttl the full time to live
 * @param cause why this content was written
 * @param deleted the key does not exist, and this is its delete; then there is no value
 * @param writeId the write that made this content, absent when a person wrote it
 */
record ObjectSpec(
    ObjectType type,
    Key key,
    Bytes value,
    long flags,
    long version,
    Optional<Revision> createRevision,
    Optional<Duration> ttl,
    LockState lock,
    Cause cause,
    boolean deleted,
    Optional<WriteId> writeId) {
  ObjectSpec {
    boolean hasNoValue = deleted || type == ObjectType.DIRECTORY;
    if (hasNoValue && value.size() > 0) {
      throw new IllegalArgumentException("a directory or a deleted key has no value");
    }
    if (version < 1) {
      throw new IllegalArgumentException("spec.version is below 1");
    }
    if (ttl.isPresent() && ttl.get().isNegative()) {
      throw new IllegalArgumentException("spec.ttl is negative");
    }
  }

  /** The content of an object that is made or, for its clients, made anew: version 1, no lock. */
  static ObjectSpec first(ObjectType type, Key key, Bytes value, Cause cause, WriteId writeId) {
    return new ObjectSpec(
        type,
        key,
        value,
        0,
        1,
        Optional.empty(),
        Optional.empty(),
        LockState.NONE,
        cause,
        false,
        Optional.of(writeId));
  }

  ObjectSpec withFlags(long newFlags) {
    return new ObjectSpec(
        type, key, value, newFlags, version, createRevision, ttl, lock, cause, deleted, writeId);
  }

  ObjectSpec withTtl(Optional<Duration> newTtl) {
    return new ObjectSpec(
        type, key, value, flags, version, createRevision, newTtl, lock, cause, deleted, writeId);
  }

  ObjectSpec withLock(LockState newLock) {
    return new ObjectSpec(
        type, key, value, flags, version, createRevision, ttl, newLock, cause, deleted, writeId);
  }
}
