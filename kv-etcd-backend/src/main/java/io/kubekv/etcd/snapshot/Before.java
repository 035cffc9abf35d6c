package io.kubekv.etcd.snapshot;

import io.etcd.jetcd.api.KeyValue;
import io.kubekv.Bytes;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.etcd.api.Trimmed;
import io.kubekv.log.v1.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What stood before a snapshot is written. A key that holds no manifest counts as absent, but for
 * its revision, which the writer compares.
 *
 * @param manifests the two keys, as they are
 * @param newest what the first of them says; empty when it is no manifest
 * @param entry the key of the entry at the root's position
 * @param trimmed how far the log is trimmed
 */
record Before(
    Snapshots.Standing manifests,
    Optional<Manifest> newest,
    Optional<KeyValue> entry,
    Trimmed trimmed) {
  long position() {
    return newest.map(Manifest::getPosition).orElse(0L);
  }

  /** Whether a snapshot of a later position is kept, or the log has been trimmed by one. */
  boolean isLater(long position) {
    return newest
        .map(manifest -> manifest.getPosition() > position)
        .orElse(trimmed.first() > position);
  }

  /** Of the key of the newest manifest, whatever it holds. */
  long revision() {
    return manifests.newest().map(KeyValue::getModRevision).orElse(0L);
  }

  /** The entry at the root's position; empty when none stands there that can be read. */
  Optional<LogEntry> decoded() {
    return entry.flatMap(Before::decoded);
  }

  /** An entry; empty when it cannot be read. */
  static Optional<LogEntry> decoded(KeyValue entry) {
    try {
      return Optional.of(EntryCodec.decode(entry.getValue().toByteArray()));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  /** The newest manifest that can be read. */
  Optional<KeyValue> kept() {
    return newest.isPresent() ? manifests.newest() : manifests.previous();
  }

  /** The chunks that the manifests name which can be read. */
  List<Iterable<String>> named() {
    return List.of(names(manifests.newest()), names(manifests.previous()));
  }

  /** The chunks that a manifest names; none when it cannot be read. */
  static List<String> names(Optional<KeyValue> manifest) {
    try {
      return manifest.isEmpty()
          ? List.of()
          : Snapshot.chunkNames(Bytes.copyOf(manifest.get().getValue().toByteArray()));
    } catch (IOException damaged) {
      return List.of();
    }
  }
}
