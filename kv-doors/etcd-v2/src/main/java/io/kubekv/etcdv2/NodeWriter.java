package io.kubekv.etcdv2;

import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.golang.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Writes nodes with etcd's fields in etcd's order; what is empty or zero is left out (etcd 3.4,
 * etcdserver/api/v2store/node_extern.go).
 */
final class NodeWriter {
  /** The names of the fields, and numbers of a usual length. */
  private static final int AROUND = 96;

  private final InstantSource clock;
  private final Json json;

  NodeWriter(Json json, InstantSource clock) {
    this.json = json;
    this.clock = clock;
  }

  /** About how many bytes an entry takes. */
  static int size(Entry entry) {
    return AROUND + entry.key().text().length() + entry.value().size();
  }

  /** An entry without what is below it. */
  void entry(Entry entry) {
    begin(entry);
    end(Optional.of(entry));
  }

  /** What a deletion leaves: neither value nor expiry, and the revision of the deletion. */
  void deleted(Entry previous, Revision revision) {
    json.raw("{\"key\":").string(NodePath.shown(previous.key()));
    if (previous.isDirectory()) {
      json.raw(",\"dir\":true");
    }
    indexes(revision, previous.createRevision());
    json.raw("}");
  }

  /** A directory that only the keys below it prove, after its deletion or in a listing. */
  void implied(Key key, Revision modified) {
    json.raw("{\"key\":").string(NodePath.shown(key)).raw(",\"dir\":true");
    indexes(modified, Revision.ZERO);
    json.raw("}");
  }

  /** A node up to where its {@code nodes} belong. */
  void begin(Entry entry) {
    json.raw("{\"key\":").string(NodePath.shown(entry.key()));
    if (entry.isDirectory()) {
      json.raw(",\"dir\":true");
    } else {
      json.raw(",\"value\":").string(entry.value());
    }
    entry.expiry().ifPresent(this::expiry);
  }

  /** The rest of a node that {@link #begin} has begun; of one without an entry, just its end. */
  void end(Optional<Entry> entry) {
    entry.ifPresent(e -> indexes(e.modifyRevision(), e.createRevision()));
    json.raw("}");
  }

  private void expiry(Expiry expiry) {
    json.raw(",\"expiration\":\"").raw(expiry.expiresAt().toString()).raw("\"");
    Duration left = Duration.between(clock.instant(), expiry.expiresAt());
    long seconds = left.plusNanos(999_999_999).toSeconds();
    long shown = Math.min(seconds, expiry.timeToLive().toSeconds());
    if (shown > 0) {
      json.raw(",\"ttl\":").number(shown);
    }
  }

  private void indexes(Revision modified, Revision created) {
    if (modified.value() != 0) {
      json.raw(",\"modifiedIndex\":").number(modified.value());
    }
    if (created.value() != 0) {
      json.raw(",\"createdIndex\":").number(created.value());
    }
  }
}
