package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Metadata;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an entry or a session adds to the digest of a state. The digest of a state is the sum, so
 * that a change costs what it changes and not the whole. It finds replicas that differ by mistake;
 * it is no protection against somebody who wants two states to look alike.
 */
final class Digest {
  private static final long PRIME = 0x100000001b3L;
  private static final long BASIS = 0xcbf29ce484222325L;

  private long hash = BASIS;

  private Digest() {}

  static long of(@Nullable Entry entry) {
    if (entry == null) {
      return 0;
    }
    Digest digest =
        new Digest()
            .add(entry.key())
            .add(entry.isDirectory() ? 1 : 0)
            .add(entry.value().toBuffer())
            .add(entry.flags())
            .add(entry.createRevision().value())
            .add(entry.modifyRevision().value())
            .add(entry.version())
            .add(entry.expiry().map(expiry -> expiry.timeToLive().toSeconds()).orElse(-1L))
            .add(entry.lock().lockIndex())
            .add(entry.lock().holder().map(Digest::bits).orElse(0L));
    // whoever knows nothing of what came later adds nothing of it
    entry.attachedTo().ifPresent(id -> digest.add(bits(id)));
    if ((entry.created() | entry.modified()) != 0) {
      digest.add(entry.created()).add(entry.modified());
    }
    if (!entry.metadata().equals(Metadata.NONE)) {
      digest.add(entry.metadata().content().toBuffer()).add(entry.metadata().version());
    }
    return digest.finished();
  }

  static long of(Session session) {
    Digest digest = new Digest().add(bits(session.id())).add(session.createRevision().value());
    if (!session.modifyRevision().equals(session.createRevision())) {
      digest.add(session.modifyRevision().value());
    }
    return digest.finished();
  }

  /** A feature is switched on. */
  static long of(String feature) {
    return new Digest().add(ByteBuffer.wrap(feature.getBytes(StandardCharsets.UTF_8))).finished();
  }

  static long of(long clock) {
    return new Digest().add(clock).finished();
  }

  /** An entry has shown this time. */
  static long ofShown(long millis) {
    return new Digest().add(2).add(millis).finished();
  }

  /** What was before this revision is forgotten; nothing where nobody asked for that. */
  static long ofCompacted(Revision first) {
    return first.equals(Revision.ZERO) ? 0 : new Digest().add(1).add(first.value()).finished();
  }

  /** The time of a key began then. */
  static long of(Key key, long clock) {
    return new Digest().add(key).add(clock).finished();
  }

  /** This is counted of a directory. */
  static long of(String directory, Directories.Counters counted) {
    return new Digest()
        .add(ByteBuffer.wrap(directory.getBytes(StandardCharsets.UTF_8)))
        .add(counted.creates())
        .add(counted.changed().value())
        .add(counted.children())
        .finished();
  }

  /** A session ends then. */
  static long of(SessionId id, long clock) {
    return new Digest().add(bits(id)).add(clock).finished();
  }

  private static long bits(SessionId id) {
    return id.value().getMostSignificantBits() ^ id.value().getLeastSignificantBits();
  }

  private Digest add(Key key) {
    return add(ByteBuffer.wrap(key.text().getBytes(StandardCharsets.UTF_8)));
  }

  /** FNV-1a, eight bytes at a time. */
  private Digest add(long number) {
    hash = (hash ^ number) * PRIME;
    hash ^= hash >>> 32;
    return this;
  }

  private Digest add(ByteBuffer bytes) {
    add(bytes.remaining());
    while (bytes.remaining() >= Long.BYTES) {
      add(bytes.getLong());
    }
    while (bytes.hasRemaining()) {
      add(bytes.get());
    }
    return this;
  }

  private long finished() {
    return hash;
  }
}
