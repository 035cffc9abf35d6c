package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An object that holds a key, at one revision. Immutable.
 *
 * @param name {@code metadata.name}, which {@link ObjectNames} derives from type and key
 * @param uid {@code metadata.uid}: tells an object from a later one of the same name
 * @param revision the revision of its last change; the next write of it must carry it
 * @param spec its content
 */
record StoredObject(String name, String uid, Revision revision, ObjectSpec spec) {
  StoredObject {
    if (!name.equals(ObjectNames.of(spec.type(), spec.key()))) {
      throw new IllegalArgumentException("spec.key does not belong to metadata.name");
    }
  }

  Key key() {
    return spec.key();
  }

  ObjectType type() {
    return spec.type();
  }

  /** Whether the key exists: a deleted one only says when and why it ended. */
  boolean isLive() {
    return !spec.deleted();
  }

  /** The revision that created the key: its own where the content could not know it yet. */
  Revision createRevision() {
    return spec.createRevision().orElse(revision);
  }

  /** The lock as a put that is not about it carries it on: with the fencing token filled in. */
  LockState lock() {
    LockState lock = spec.lock();
    return lock.holder().isPresent() && lock.acquireRevision().isEmpty()
        ? new LockState(lock.holder(), lock.lockIndex(), Optional.of(revision), lock.fence())
        : lock;
  }

  /** Whether {@code write} was applied: it made this content, or content that was edited since. */
  boolean provesApplied(WriteId write) {
    return spec.writeId().equals(Optional.of(write));
  }

  /**
   * The write that led to exactly this revision, empty when somebody else edited the object.
   *
   * @param previous the revision at which the object stood before, {@link Revision#ZERO} when there
   *     was none
   */
  Optional<WriteId> ownWriteAfter(Revision previous) {
    return spec.writeId().filter(write -> write.basedOn().equals(previous));
  }

  /**
   * The content of a put that updates the key: create revision, flags, time to live and lock kept.
   *
   * @param id the new write's id
   */
  ObjectSpec updatedBy(String id, Cause cause, Bytes value) {
    return new ObjectSpec(
        type(),
        key(),
        value,
        spec.flags(),
        spec.version() + 1,
        Optional.of(createRevision()),
        spec.ttl(),
        lock(),
        cause,
        false,
        Optional.of(new WriteId(id, revision)));
  }

  /**
   * The content of the put that marks the key deleted: no value, no time to live, no lock.
   *
   * @param id the new write's id
   */
  ObjectSpec deletedBy(String id, Cause cause) {
    return new ObjectSpec(
        type(),
        key(),
        Bytes.EMPTY,
        0,
        spec.version() + 1,
        Optional.of(createRevision()),
        Optional.empty(),
        LockState.NONE,
        cause,
        true,
        Optional.of(new WriteId(id, revision)));
  }

  /**
   * The entry of a live value or directory, as the port shows it.
   *
   * @param countedFrom the store's wall clock when its time to live began to run
   */
  Entry toEntry(Instant countedFrom) {
    return new Entry(
        key(),
        kind(),
        spec.value(),
        spec.flags(),
        createRevision(),
        revision,
        spec.version(),
        spec.ttl().map(ttl -> new Expiry(ttl, endOf(countedFrom, ttl))),
        lock());
  }

  /** The session that this object is. */
  Session toSession() {
    SessionSettings settings = SessionSettings.parse(spec.value());
    SessionSpec said =
        new SessionSpec(
            sessionId(),
            settings.name(),
            spec.ttl(),
            settings.behavior(),
            settings.lockDelay(),
            settings.note());
    return new Session(said, createRevision(), revision);
  }

  SessionId sessionId() {
    return SessionId.parse(key().text()).orElseThrow();
  }

  /** Where a session's object is found. */
  static Key sessionKey(SessionId id) {
    return new Key(id.toString());
  }

  /** Whether the session has ended: its object stays until nothing names it. */
  boolean isOver() {
    return spec.cause() == Cause.DELETE || spec.cause() == Cause.EXPIRE;
  }

  private Kind kind() {
    return switch (type()) {
      case VALUE -> Kind.VALUE;
      case DIRECTORY -> Kind.DIRECTORY;
      case SESSION, MARKER ->
          throw new IllegalStateException("a " + type().text() + " is no entry of the store");
    };
  }

  private static Instant endOf(Instant from, Duration ttl) {
    long most = Instant.MAX.getEpochSecond() - from.getEpochSecond() - 1;
    return ttl.toSeconds() > most ? Instant.MAX : from.plus(ttl);
  }
}
