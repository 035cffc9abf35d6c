package io.kubekv.etcd.snapshot;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a snapshot: the chunks that do not stand yet, then in one transaction the manifest, the
 * one before it, and the deletion of entries that nothing needs any more. For virtual threads.
 *
 * <p>The transaction compares the manifest with the one that was read before anything was written:
 * so of two writers one wins, and the chunks that the other has written or counted on are those
 * that {@link ChunkStore} spares.
 */
public final class SnapshotWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

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

  /**
   * Keeps a root, unless a newer one is kept already, or nothing is in it. Where the entry that it
   * ends with does not stand in the log, as after a restored backup, it is put there: the log goes
   * on from it.
   *
   * @return how far the log is trimmed now
   * @throws IOException when another history is kept, or another writer was faster; the message
   *     names what stands there
   */
  public Trimmed write(Root root) throws IOException, EtcdFailure, InterruptedException {
    Before before = before(root);
    if (root.position() == 0 || before.isLater(root.position())) {
      return before.trimmed();
    }
    requireSameHistory(root, before);
    Snapshot snapshot = Snapshot.of(root);
    chunks.put(snapshot.chunks(), before.named());
    Trimmed trimmed = trimmed(root, before);
    long revision = swap(root, snapshot.manifest(), before, trimmed);
    if (before.position() != root.position()) {
      chunks.clean(
          List.of(snapshot.chunks().keySet(), Before.names(before.kept())),
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

  private Before before(Root root) throws EtcdFailure, InterruptedException {
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
        parsed(manifests.newest()),
        Ops.found(answer.getResponses(2)),
        Trimmed.of(Ops.found(answer.getResponses(3))));
  }

  private Optional<Manifest> parsed(Optional<KeyValue> key) {
    try {
      return key.isEmpty() ? Optional.empty() : Optional.of(snapshots.parse(key.get()));
    } catch (IOException damaged) {
      LOG.warn("{}; the manifest of a new snapshot is written over it", damaged.getMessage());
      return Optional.empty();
    }
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
    if (before.position() != root.position() && before.newest().isPresent()) {
      ByteString old = before.manifests().newest().orElseThrow().getValue();
      request.addSuccess(Ops.put(keys.previousManifest(), old));
    }
    if (before.decoded().isEmpty()) {
      request.addSuccess(Ops.put(entryKey, anchor(root)));
      long next = buried(root) + 1;
      if (next < root.position()) {
        request.addCompare(Ops.absent(keys.entry(next)));
      }
    }
    request.addSuccess(Ops.delete(keys.entry(0), keys.entry(trimmed.first())));
    TxnResponse answer = Answers.await(client.txn(request.build()));
    if (!answer.getSucceeded()) {
      throw new IOException("another replica has written a snapshot meanwhile");
    }
    return answer.getHeader().getRevision();
  }

  /**
   * The last entry below a root that the log does not reach, 0 where none stands.
   *
   * @throws IOException when it was written after the root
   */
  private long buried(Root root) throws IOException, EtcdFailure, InterruptedException {
    Optional<KeyValue> last =
        Answers.await(
                client.range(
                    RangeRequest.newBuilder()
                        .setKey(keys.entry(0))
                        .setRangeEnd(keys.entry(root.position()))
                        .setSortTarget(RangeRequest.SortTarget.KEY)
                        .setSortOrder(RangeRequest.SortOrder.DESCEND)
                        .setLimit(1)
                        .build()))
            .getKvsList()
            .stream()
            .findFirst();
    long epoch = last.flatMap(Before::decoded).map(LogEntry::epoch).orElse(0L);
    if (epoch > root.epoch()) {
      throw new IOException(
          ("another replica has written to the log since etcd was restored: the key %s is of epoch"
                  + " %d, what this replica has is of epoch %d and would bury it. Export from this"
                  + " replica and stop it, then another one serves what stands in etcd")
              .formatted(
                  last.map(kv -> kv.getKey().toStringUtf8()).orElse(""), epoch, root.epoch()));
    }
    return last.map(kv -> keys.position(kv.getKey()).orElse(0)).orElse(0L);
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
