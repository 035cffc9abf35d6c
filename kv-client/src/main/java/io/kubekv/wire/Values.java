package io.kubekv.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.kubekv.Author;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Metadata;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.Times;
import io.kubekv.v1.Kv;
import java.time.Instant;
import java.util.Optional;

/** Keys, values, times and entries. */
public final class Values {
  /** The longest time that the wire can say: 10,000 years (google.protobuf.Duration). */
  @SuppressWarnings("CanonicalDuration") // as the format says it
  private static final java.time.Duration LONGEST = java.time.Duration.ofSeconds(315_576_000_000L);

  static final EnumPairs<Kind, Kv.Kind> KINDS = new EnumPairs<>(Kind.class, Kv.Kind.class, "KIND_");

  private Values() {}

  public static ByteString toWire(Bytes value) {
    return UnsafeByteOperations.unsafeWrap(value.toBuffer());
  }

  public static Bytes toPort(ByteString value) {
    return Bytes.copyOf(value.toByteArray());
  }

  /** Empty for nobody. */
  static Optional<Kv.Author> toWire(Author author) {
    return author.isNone()
        ? Optional.empty()
        : Optional.of(Kv.Author.newBuilder().setDoor(author.door()).setUser(author.user()).build());
  }

  static Author toPort(Kv.Author wire) {
    return wire.getDoor().isEmpty() && wire.getUser().isEmpty()
        ? Author.NONE
        : new Author(wire.getDoor(), wire.getUser());
  }

  /** The same time, but for one beyond 10,000 years, which is cut to that. */
  public static Duration toWire(java.time.Duration time) {
    java.time.Duration said = time.compareTo(LONGEST) < 0 ? time : LONGEST;
    return Duration.newBuilder().setSeconds(said.getSeconds()).setNanos(said.getNano()).build();
  }

  public static java.time.Duration toPort(Duration time) {
    return java.time.Duration.ofSeconds(time.getSeconds(), time.getNanos());
  }

  /** The session of this name; {@link IllegalArgumentException} when it is not a UUID. */
  public static SessionId session(String id) {
    return SessionId.parse(id)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + id + "' is not a session id: a UUID of 36 characters"));
  }

  public static Kv.Entry toWire(Entry entry) {
    Kv.Entry.Builder wire =
        Kv.Entry.newBuilder()
            .setKey(entry.key().text())
            .setKind(KINDS.toWire(entry.kind()))
            .setValue(toWire(entry.value()))
            .setFlags(entry.flags())
            .setCreateRevision(entry.createRevision().value())
            .setModifyRevision(entry.modifyRevision().value())
            .setVersion(entry.version());
    entry.expiry().ifPresent(expiry -> wire.setExpiry(toWire(expiry)));
    if (!entry.lock().equals(LockState.NONE)) {
      wire.setLock(toWire(entry.lock()));
    }
    entry.attachedTo().ifPresent(session -> wire.setAttachedTo(session.toString()));
    wire.setCreatedMillis(entry.times().created()).setModifiedMillis(entry.times().modified());
    if (!entry.metadata().equals(Metadata.NONE)) {
      wire.setMetadata(
          Kv.Metadata.newBuilder()
              .setContent(toWire(entry.metadata().content()))
              .setVersion(entry.metadata().version()));
    }
    return wire.build();
  }

  public static Entry toPort(Kv.Entry wire) {
    return new Entry(
        Key.of(wire.getKey()),
        KINDS.toPort(wire.getKind()),
        toPort(wire.getValue()),
        wire.getFlags(),
        new Revision(wire.getCreateRevision()),
        new Revision(wire.getModifyRevision()),
        wire.getVersion(),
        wire.hasExpiry() ? Optional.of(toPort(wire.getExpiry())) : Optional.empty(),
        wire.hasLock() ? toPort(wire.getLock()) : LockState.NONE,
        wire.hasAttachedTo() ? Optional.of(session(wire.getAttachedTo())) : Optional.empty(),
        wire.hasMetadata()
            ? new Metadata(toPort(wire.getMetadata().getContent()), wire.getMetadata().getVersion())
            : Metadata.NONE,
        times(wire.getCreatedMillis(), wire.getModifiedMillis()));
  }

  private static Times times(long created, long modified) {
    return (created | modified) == 0 ? Times.NONE : new Times(created, modified);
  }

  private static Kv.Expiry toWire(Expiry expiry) {
    Instant at = expiry.expiresAt();
    return Kv.Expiry.newBuilder()
        .setTimeToLive(toWire(expiry.timeToLive()))
        .setExpiresAt(Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
        .build();
  }

  private static Expiry toPort(Kv.Expiry wire) {
    Timestamp at = wire.getExpiresAt();
    return new Expiry(
        toPort(wire.getTimeToLive()), Instant.ofEpochSecond(at.getSeconds(), at.getNanos()));
  }

  private static Kv.LockState toWire(LockState lock) {
    Kv.LockState.Builder wire = Kv.LockState.newBuilder().setLockIndex(lock.lockIndex());
    lock.holder().ifPresent(holder -> wire.setHolder(holder.toString()));
    lock.acquireRevision().ifPresent(revision -> wire.setAcquireRevision(revision.value()));
    lock.fence().ifPresent(fence -> wire.setFence(fence.value()));
    return wire.build();
  }

  private static LockState toPort(Kv.LockState wire) {
    return new LockState(
        wire.hasHolder() ? Optional.of(session(wire.getHolder())) : Optional.empty(),
        wire.getLockIndex(),
        revision(wire.hasAcquireRevision(), wire.getAcquireRevision()),
        revision(wire.hasFence(), wire.getFence()));
  }

  static Optional<Revision> revision(boolean said, long value) {
    return said ? Optional.of(new Revision(value)) : Optional.empty();
  }

  static Optional<Entry> entry(boolean said, Kv.Entry entry) {
    return said ? Optional.of(toPort(entry)) : Optional.empty();
  }
}
