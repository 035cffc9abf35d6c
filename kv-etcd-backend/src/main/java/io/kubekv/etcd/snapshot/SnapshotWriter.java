package io.kubekv.etcd.snapshot;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.Bytes;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Ops;
import io.kubekv.etcd.api.Trimmed;
import io.kubekv.log.v1.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes a snapshot: the chunks that do not stand yet, then in one transaction the manifest, the
 * one before it, and the deletion of entries that nothing needs any more. For virtual threads.
 *
 * <p>The transaction compares the manifest with the one that was read before anything was written:
 * so of two writers one wins, and the chunks that the other has written or counted on are those
 * that {@link ChunkStore} spares.
 */
public final class SnapshotWriter {
  private final EtcdClient client;
  private final LogKeys keys;
  private final Snapshots snapshots;
  private final ChunkStore chunks;

  public SnapshotWriter(EtcdClient client, LogKeys keys) {
    this.client = client;
    this.keys = keys;
    this.snapshots = new Snapshots(client, keys);
    this.chunks = new ChunkStore(client, keys);
  }

  /** What stood before. */
  private record Before(
      Snapshots.Standing manifests,
      Optional<Manifest> newest,
      Optional<KeyValue> entry,
      Trimmed trimmed) {
    long position() {
      return newest.map(Manifest::getPosition).orElse(0L);
    }

    /** The entry at the root's position; empty when none stands there that can be read. */
    Optional<LogEntry> decoded() {
      try {
        return entry.isEmpty()
            ? Optional.empty()
            : Optional.of(EntryCodec.decode(entry.get().getValue().toByteArray()));
      } catch (IOException damaged) {
        return Optional.empty();
      }
    }

    long revision() {
      return manifests.newest().map(KeyValue::getModRevision).orElse(0L);
    }
  }

  /**
   * Keeps a root, unless a newer one is kept already. Where the entry that it ends with does not
   * stand in the log, as after a restored backup, it is put there: the log goes on from it.
   *
   * @return how far the log is trimmed now
   * @throws IOException when another history is kept, or another writer was faster
   */
  public Trimmed write(Root root) throws IOException, EtcdFailure, InterruptedException {
    Before before = before(root);
    if (before.position() > root.position()) {
      return before.trimmed();
    }
    requireSameHistory(root, before);
    Snapshot snapshot = Snapshot.of(root);
    chunks.put(snapshot.chunks(), named(before.manifests()));
    Trimmed trimmed = trimmed(root, before);
    long revision = swap(root, snapshot.manifest(), before, trimmed);
    if (before.position() != root.position()) {
      chunks.clean(
          List.of(snapshot.chunks().keySet(), names(before.manifests().newest())),
          new ChunkStore.Bounds(before.revision(), revision));
    }
    return trimmed;
  }

  /** What others have decided meanwhile is not buried. */
  private static void requireSameHistory(Root root, Before before) throws IOException {
    boolean manifestIsOthers =
        before.position() == root.position()
            && before.newest().map(Manifest::getNonce).orElse(0L) != root.nonce();
    boolean entryIsOthers =
        before.decoded().filter(entry -> entry.nonce() != root.nonce()).isPresent();
    if (root.position() > 0 && (manifestIsOthers || entryIsOthers)) {
      throw new IOException(
          "another history of this store stands in etcd at position %d of the log"
              .formatted(root.position()));
    }
  }

  private Before before(Root root) throws IOException, EtcdFailure, InterruptedException {
    TxnResponse answer =
        Answers.await(
            client.txn(
                TxnRequest.newBuilder()
                    .addSuccess(Ops.get(keys.manifest()))
                    .addSuccess(Ops.get(keys.previousManifest()))
                    .addSuccess(Ops.get(keys.entry(root.position())))
                    .addSuccess(Ops.get(keys.trimmed()))
                    .build()));
    Snapshots.Standing manifests = Snapshots.standing(answer);
    return new Before(
        manifests,
        manifests.newest().isPresent()
            ? Optional.of(snapshots.parse(manifests.newest().get()))
            : Optional.empty(),
        Ops.found(answer.getResponses(2)),
        Trimmed.of(Ops.found(answer.getResponses(3))));
  }

  private List<Iterable<String>> named(Snapshots.Standing manifests) throws IOException {
    return List.of(names(manifests.newest()), names(manifests.previous()));
  }

  private static List<String> names(Optional<KeyValue> manifest) throws IOException {
    return manifest.isEmpty()
        ? List.of()
        : Snapshot.chunkNames(Bytes.copyOf(manifest.get().getValue().toByteArray()));
  }

  /** The revision of the new manifest. */
  private long swap(Root root, Bytes manifest, Before before, Trimmed trimmed)
      throws IOException, EtcdFailure, InterruptedException {
    ByteString entryKey = keys.entry(root.position());
    TxnRequest.Builder request =
        TxnRequest.newBuilder()
            .addCompare(Ops.unchanged(keys.manifest(), before.revision()))
            .addCompare(
                Ops.unchanged(entryKey, before.entry().map(KeyValue::getModRevision).orElse(0L)))
            .addSuccess(Ops.put(keys.trimmed(), trimmed.encode()))
            .addSuccess(Ops.put(keys.manifest(), Snapshots.value(manifest)));
    if (before.position() != root.position() && before.manifests().newest().isPresent()) {
      ByteString old = before.manifests().newest().get().getValue();
      request.addSuccess(Ops.put(keys.previousManifest(), old));
    }
    if (before.decoded().isEmpty()) {
      request.addSuccess(Ops.put(entryKey, anchor(root)));
    }
    request.addSuccess(Ops.delete(keys.entry(0), keys.entry(trimmed.first())));
    TxnResponse answer = Answers.await(client.txn(request.build()));
    if (!answer.getSucceeded()) {
      throw new IOException("another replica has written a snapshot meanwhile");
    }
    return answer.getHeader().getRevision();
  }

  /** The snapshot before stays readable: the entries above it do, too. */
  private static Trimmed trimmed(Root root, Before before) {
    if (before.decoded().isEmpty()) {
      return new Trimmed(root.position(), root.position());
    }
    long first =
        before.position() == root.position() || before.position() == 0
            ? before.trimmed().first()
            : before.position();
    return new Trimmed(root.position(), Math.max(first, before.trimmed().first()));
  }

  /** What the next entry follows: applied by nobody, since the snapshot has it. */
  private static ByteString anchor(Root root) {
    return ByteString.copyFrom(
        EntryCodec.encode(
            new LogEntry(
                root.position(),
                root.epoch(),
                root.nonce(),
                0,
                List.of(),
                LogEntry.READER,
                OptionalLong.empty())));
  }
}
