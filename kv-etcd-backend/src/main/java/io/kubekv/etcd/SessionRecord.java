package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;

/**
 * A session as it stands in etcd. It is attached to the lease that counts its time: when that ends,
 * etcd deletes the session by itself.
 *
 * @param session the session
 * @param lease the lease; 0 when the session lives for ever
 * @param writeId names the write that began it
 */
record SessionRecord(Session session, long lease, Optional<WriteId> writeId) {
  static ByteString encode(SessionSpec spec, WriteId writeId) {
    return new Header()
        .with("write", writeId)
        .with("name", spec.name())
        .with("ttl", spec.timeToLive())
        .with("end", spec.behavior())
        .with("delay", spec.lockDelay())
        .with("note", spec.note())
        .before(ByteString.EMPTY);
  }

  /** Empty when no store has written it. */
  static Optional<SessionRecord> decode(SessionId id, KeyValue stored) {
    try {
      return Header.read(stored.getValue()).map(read -> decode(id, stored, read.header()));
    } catch (IllegalArgumentException | DateTimeException notOurs) {
      return Optional.empty();
    }
  }

  private static SessionRecord decode(SessionId id, KeyValue stored, Header header) {
    SessionSpec spec =
        new SessionSpec(
            id,
            header.get("name", text -> text).orElse(""),
            header.get("ttl", Duration::parse),
            header.get("end", SessionBehavior::valueOf).orElse(SessionBehavior.RELEASE),
            header.get("delay", Duration::parse).orElse(Duration.ZERO),
            header.get("note", text -> text).orElse(""));
    Session session =
        new Session(
            spec, new Revision(stored.getCreateRevision()), new Revision(stored.getModRevision()));
    return new SessionRecord(session, stored.getLease(), header.get("write", WriteId::parse));
  }
}
