package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An entry as it stands in etcd. A value that no store has written is an entry, too: put with
 * {@code etcdctl}, it has the revisions that etcd gives it.
 *
 * @param entry the entry
 * @param cause why it was put
 * @param writeId names the write
 * @param terms what becomes of the entry when the session that holds it ends
 */
record EntryRecord(
    Entry entry, Cause cause, Optional<WriteId> writeId, Optional<HolderTerms> terms) {
  private static final String SELF = "self";

  /** Whether etcd has to have a mark that the time to live has not passed. */
  boolean isMortal() {
    return entry.expiry().isPresent();
  }

  /**
   * What to write so that it reads as this record. Revisions of the write itself are not known yet:
   * {@code entry} has {@link Revision#ZERO} for them.
   */
  ByteString encode() {
    Header header =
        new Header()
            .with("cause", cause)
            .with("write", writeId)
            .with("version", entry.version())
            .with("created", Optional.of(entry.createRevision()).filter(EntryRecord::isKnown));
    if (entry.isDirectory()) {
      header.with("kind", Kind.DIRECTORY);
    }
    if (entry.flags() != 0) {
      header.with("flags", Long.toUnsignedString(entry.flags()));
    }
    header
        .with("ttl", entry.expiry().map(Expiry::timeToLive))
        .with("ends", entry.expiry().map(expiry -> expiry.expiresAt().toEpochMilli()));
    encode(entry.lock(), header);
    terms.ifPresent(present -> present.encode(header));
    return header.before(ByteString.copyFrom(entry.value().toBuffer()));
  }

  private static void encode(LockState lock, Header header) {
    header.with("holder", lock.holder()).with("fence", lock.fence());
    if (lock.lockIndex() != 0) {
      header.with("locks", lock.lockIndex());
    }
    if (lock.holder().isPresent()) {
      header.with(
          "acquired",
          lock.acquireRevision().filter(EntryRecord::isKnown).map(Revision::toString).orElse(SELF));
    }
  }

  private static boolean isKnown(Revision revision) {
    return !revision.equals(Revision.ZERO);
  }

  static EntryRecord decode(Key key, KeyValue stored) {
    try {
      return Header.read(stored.getValue())
          .map(read -> decode(key, stored, read))
          .orElseGet(() -> foreign(key, stored));
    } catch (IllegalArgumentException | DateTimeException notOurs) {
      return foreign(key, stored);
    }
  }

  private static EntryRecord decode(Key key, KeyValue stored, Header.Read read) {
    Revision at = new Revision(stored.getModRevision());
    Header header = read.header();
    Entry entry =
        new Entry(
            key,
            header.get("kind", Kind::valueOf).orElse(Kind.VALUE),
            bytes(read.body()),
            header.get("flags", Long::parseUnsignedLong).orElse(0L),
            header.get("created", Revision::parse).orElse(at),
            at,
            header.get("version", Long::parseLong).orElse(1L),
            header
                .get("ttl", Duration::parse)
                .map(ttl -> new Expiry(ttl, ends(header).orElse(Instant.EPOCH))),
            lock(header, at));
    return new EntryRecord(
        entry,
        header.get("cause", Cause::valueOf).orElse(Cause.SET),
        header.get("write", WriteId::parse),
        HolderTerms.decode(header));
  }

  private static Optional<Instant> ends(Header header) {
    return header.get("ends", Long::parseLong).map(Instant::ofEpochMilli);
  }

  private static LockState lock(Header header, Revision at) {
    return new LockState(
        header.get(
            "holder", text -> SessionId.parse(text).orElseThrow(IllegalArgumentException::new)),
        header.get("locks", Long::parseLong).orElse(0L),
        header.get("acquired", text -> text.equals(SELF) ? at : Revision.parse(text)),
        header.get("fence", Revision::parse));
  }

  private static EntryRecord foreign(Key key, KeyValue stored) {
    Entry entry =
        new Entry(
            key,
            Kind.VALUE,
            bytes(stored.getValue()),
            0,
            new Revision(stored.getCreateRevision()),
            new Revision(stored.getModRevision()),
            stored.getVersion(),
            Optional.empty(),
            LockState.NONE);
    return new EntryRecord(entry, Cause.SET, Optional.empty(), Optional.empty());
  }

  private static Bytes bytes(ByteString content) {
    return Bytes.copyOf(content.toByteArray());
  }
}
