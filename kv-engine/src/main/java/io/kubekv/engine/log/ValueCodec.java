package io.kubekv.engine.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Metadata;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.Times;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Directories;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.log.v1.Directory;
import io.kubekv.log.v1.KeyEntry;
import io.kubekv.log.v1.SessionEnd;
import io.kubekv.log.v1.TimePassed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Entries and sessions in protobuf. Reading fails with {@link IllegalArgumentException} where a
 * message says what cannot be.
 */
final class ValueCodec {
  private static final int ID_BYTES = 16;

  private ValueCodec() {}

  static KeyEntry encode(Entry entry) {
    LockState lock = entry.lock();
    KeyEntry.Builder message =
        KeyEntry.newBuilder()
            .setKey(entry.key().text())
            .setValue(ByteString.copyFrom(entry.value().toBuffer()))
            .setDirectory(entry.isDirectory())
            .setFlags(entry.flags())
            .setCreateRevision(entry.createRevision().value())
            .setModifyRevision(entry.modifyRevision().value())
            .setVersion(entry.version())
            .setLockIndex(lock.lockIndex());
    entry
        .expiry()
        .ifPresent(
            expiry ->
                message
                    .setTimeToLive(encode(expiry.timeToLive()))
                    .setExpiresAt(encode(expiry.expiresAt())));
    lock.holder().map(ValueCodec::encode).ifPresent(message::setHolder);
    lock.acquireRevision().map(Revision::value).ifPresent(message::setAcquireRevision);
    lock.fence().map(Revision::value).ifPresent(message::setFence);
    entry.attachedTo().map(ValueCodec::encode).ifPresent(message::setAttachedTo);
    message.setCreated(entry.created()).setModifiedAfter(entry.modified() - entry.created());
    if (!entry.metadata().equals(Metadata.NONE)) {
      message.setMetadata(encode(entry.metadata()));
    }
    return message.build();
  }

  static Entry decode(KeyEntry message) {
    return new Entry(
        Key.of(message.getKey()),
        message.getDirectory() ? Kind.DIRECTORY : Kind.VALUE,
        Bytes.copyOf(message.getValue().toByteArray()),
        message.getFlags(),
        new Revision(message.getCreateRevision()),
        new Revision(message.getModifyRevision()),
        message.getVersion(),
        message.hasTimeToLive()
            ? Optional.of(
                new Expiry(decode(message.getTimeToLive()), decode(message.getExpiresAt())))
            : Optional.empty(),
        new LockState(
            message.hasHolder() ? Optional.of(id(message.getHolder())) : Optional.empty(),
            message.getLockIndex(),
            revision(message.hasAcquireRevision(), message.getAcquireRevision()),
            revision(message.hasFence(), message.getFence())),
        message.hasAttachedTo() ? Optional.of(id(message.getAttachedTo())) : Optional.empty(),
        message.hasMetadata() ? decode(message.getMetadata()) : Metadata.NONE,
        times(message.getCreated(), message.getModifiedAfter()));
  }

  private static Times times(long created, long modifiedAfter) {
    return (created | modifiedAfter) == 0
        ? Times.NONE
        : new Times(created, created + modifiedAfter);
  }

  static io.kubekv.log.v1.Metadata encode(Metadata metadata) {
    return io.kubekv.log.v1.Metadata.newBuilder()
        .setContent(ByteString.copyFrom(metadata.content().toBuffer()))
        .setVersion(metadata.version())
        .build();
  }

  static Metadata decode(io.kubekv.log.v1.Metadata message) {
    return new Metadata(Bytes.copyOf(message.getContent().toByteArray()), message.getVersion());
  }

  private static Optional<Revision> revision(boolean present, long value) {
    return present ? Optional.of(new Revision(value)) : Optional.empty();
  }

  static io.kubekv.log.v1.Session encode(Session session) {
    SessionSpec spec = session.spec();
    io.kubekv.log.v1.Session.Builder message =
        io.kubekv.log.v1.Session.newBuilder()
            .setId(encode(spec.id()))
            .setName(spec.name())
            .setDeletes(spec.behavior() == SessionBehavior.DELETE)
            .setLockDelay(encode(spec.lockDelay()))
            .setNote(spec.note())
            .setLivesOnce(spec.span() == SessionSpan.ONCE)
            .setCreateRevision(session.createRevision().value())
            .setModifyRevision(session.modifyRevision().value());
    spec.timeToLive().map(ValueCodec::encode).ifPresent(message::setTimeToLive);
    return message.build();
  }

  static Session decode(io.kubekv.log.v1.Session message) {
    SessionSpec spec =
        new SessionSpec(
            id(message.getId()),
            message.getName(),
            message.hasTimeToLive()
                ? Optional.of(decode(message.getTimeToLive()))
                : Optional.empty(),
            message.getDeletes() ? SessionBehavior.DELETE : SessionBehavior.RELEASE,
            decode(message.getLockDelay()),
            message.getNote(),
            message.getLivesOnce() ? SessionSpan.ONCE : SessionSpan.TWICE);
    return new Session(
        spec, new Revision(message.getCreateRevision()), new Revision(message.getModifyRevision()));
  }

  static io.kubekv.log.v1.LockDelay encode(LockDelay delay) {
    return io.kubekv.log.v1.LockDelay.newBuilder()
        .setKey(delay.key().text())
        .setWhole(encode(delay.whole()))
        .setSince(delay.since().value())
        .build();
  }

  static LockDelay decode(io.kubekv.log.v1.LockDelay message) {
    return new LockDelay(
        Key.of(message.getKey()), decode(message.getWhole()), new Revision(message.getSince()));
  }

  static TimePassed encode(Change.TimePassed passed) {
    TimePassed.Builder message =
        TimePassed.newBuilder().setClock(passed.clock()).setSeen(passed.seen().value());
    passed
        .ends()
        .forEach(
            (id, end) -> message.addEnds(SessionEnd.newBuilder().setId(encode(id)).setAt(end)));
    return message.build();
  }

  static Change.TimePassed decode(TimePassed message) {
    Map<SessionId, Long> ends = new LinkedHashMap<>();
    message.getEndsList().forEach(end -> ends.put(id(end.getId()), end.getAt()));
    return new Change.TimePassed(message.getClock(), new Revision(message.getSeen()), ends);
  }

  static ByteString encode(SessionId id) {
    ByteBuffer bytes = ByteBuffer.allocate(ID_BYTES);
    bytes.putLong(id.value().getMostSignificantBits());
    bytes.putLong(id.value().getLeastSignificantBits());
    return ByteString.copyFrom(bytes.flip());
  }

  static SessionId id(ByteString bytes) {
    if (bytes.size() != ID_BYTES) {
      throw new IllegalArgumentException("the id of a session has " + bytes.size() + " bytes");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new SessionId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  static com.google.protobuf.Duration encode(Duration length) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(length.getSeconds())
        .setNanos(length.getNano())
        .build();
  }

  static Duration decode(com.google.protobuf.Duration length) {
    return Duration.ofSeconds(length.getSeconds(), length.getNanos());
  }

  private static Timestamp encode(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  private static Instant decode(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }

  static Directory encode(String directory, Directories.Counters counted) {
    return Directory.newBuilder()
        .setPrefix(directory)
        .setCreates(counted.creates())
        .setChanged(counted.changed().value())
        .setChildren(counted.children())
        .build();
  }

  static Directories.Counters decode(Directory message) {
    return new Directories.Counters(
        message.getCreates(), new Revision(message.getChanged()), message.getChildren());
  }
}
