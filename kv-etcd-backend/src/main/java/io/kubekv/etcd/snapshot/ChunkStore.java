package io.kubekv.etcd.snapshot;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.kubekv.Bytes;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Ops;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The chunks of snapshots, one key each. A writer counts on those alone that stand, are what their
 * names say, and are named by the two manifests that it has read; it writes all others. Whoever
 * cleans up spares those that the two newest manifests name, and whatever was written since the
 * older of these: so nobody takes from a writer whose manifest can still be written. For virtual
 * threads.
 */
final class ChunkStore {
  /** etcd takes 1.5 MiB in a request; a larger chunk is one value of at most 1 MiB. */
  private static final int PUT_BYTES = 256 << 10;

  /** etcd takes 128 comparisons, and 128 operations. */
  private static final int DELETED_AT_ONCE = 64;

  private static final int READ_AT_ONCE = 16;

  private static final int LISTED_AT_ONCE = 10_000;

  private final EtcdClient client;
  private final LogKeys keys;

  /** At which revision of etcd a chunk was seen to be what its name says. */
  private final Map<String, Long> seen = new ConcurrentHashMap<>();

  ChunkStore(EtcdClient client, LogKeys keys) {
    this.client = client;
    this.keys = keys;
  }

  /**
   * By which revisions to clean up.
   *
   * @param before of the manifest before the newest
   * @param newest of the newest manifest
   */
  record Bounds(long before, long newest) {}

  /** Writes what does not stand; one request at a time, so that entries come between. */
  void put(Map<String, Bytes> wanted, List<? extends Iterable<String>> named)
      throws EtcdFailure, InterruptedException {
    Set<String> standing = standing(wanted, all(named));
    List<String> batch = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Bytes> chunk : wanted.entrySet()) {
      if (standing.contains(chunk.getKey())) {
        continue;
      }
      if (bytes > 0 && bytes + chunk.getValue().size() > PUT_BYTES) {
        put(batch, wanted);
        batch.clear();
        bytes = 0;
      }
      batch.add(chunk.getKey());
      bytes += chunk.getValue().size();
    }
    put(batch, wanted);
    seen.keySet().retainAll(wanted.keySet());
  }

  private void put(List<String> batch, Map<String, Bytes> wanted)
      throws EtcdFailure, InterruptedException {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    for (String name : batch) {
      Bytes value = wanted.getOrDefault(name, Bytes.EMPTY);
      request.addSuccess(Ops.put(keys.chunk(name), Snapshots.value(value)));
    }
    if (request.getSuccessCount() > 0) {
      long revision = Answers.await(client.txn(request.build())).getHeader().getRevision();
      batch.forEach(name -> seen.put(name, revision));
    }
  }

  /** Which of the named chunks stand as they are wanted; those not seen yet are read. */
  private Set<String> standing(Map<String, Bytes> wanted, Set<String> named)
      throws EtcdFailure, InterruptedException {
    Set<String> standing = new HashSet<>();
    List<String> unseen = new ArrayList<>();
    for (KeyValue kv : list()) {
      String name = keys.chunkName(kv.getKey());
      if (!named.contains(name) || !wanted.containsKey(name)) {
        continue;
      }
      if (seen.getOrDefault(name, 0L) == kv.getModRevision()) {
        standing.add(name);
      } else {
        unseen.add(name);
      }
    }
    for (int i = 0; i < unseen.size(); i += READ_AT_ONCE) {
      for (KeyValue kv : read(unseen.subList(i, Math.min(i + READ_AT_ONCE, unseen.size())))) {
        String name = keys.chunkName(kv.getKey());
        if (kv.getValue().equals(Snapshots.value(wanted.getOrDefault(name, Bytes.EMPTY)))) {
          seen.put(name, kv.getModRevision());
          standing.add(name);
        }
      }
    }
    return standing;
  }

  private List<KeyValue> read(List<String> names) throws EtcdFailure, InterruptedException {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    names.forEach(name -> request.addSuccess(Ops.get(keys.chunk(name))));
    return Answers.await(client.txn(request.build())).getResponsesList().stream()
        .flatMap(answer -> Ops.found(answer).stream())
        .toList();
  }

  /** Deletes what neither of the two newest manifests names. */
  void clean(List<? extends Iterable<String>> named, Bounds bounds)
      throws EtcdFailure, InterruptedException {
    Set<String> kept = all(named);
    List<KeyValue> doomed = new ArrayList<>();
    for (KeyValue kv : list()) {
      if (kv.getModRevision() < bounds.before() && !kept.contains(keys.chunkName(kv.getKey()))) {
        doomed.add(kv);
      }
    }
    for (int i = 0; i < doomed.size(); i += DELETED_AT_ONCE) {
      TxnRequest.Builder request =
          TxnRequest.newBuilder().addCompare(Ops.unchanged(keys.manifest(), bounds.newest()));
      for (KeyValue kv : doomed.subList(i, Math.min(i + DELETED_AT_ONCE, doomed.size()))) {
        request
            .addCompare(Ops.unchanged(kv.getKey(), kv.getModRevision()))
            .addSuccess(Ops.delete(kv.getKey()));
      }
      if (!Answers.await(client.txn(request.build())).getSucceeded()) {
        return; // there is a newer manifest, whose writer cleans up
      }
    }
  }

  private static Set<String> all(List<? extends Iterable<String>> named) {
    Set<String> all = new HashSet<>();
    named.forEach(names -> names.forEach(all::add));
    return all;
  }

  private List<KeyValue> list() throws EtcdFailure, InterruptedException {
    List<KeyValue> all = new ArrayList<>();
    ByteString from = keys.chunks();
    while (true) {
      var page =
          Answers.await(
              client.range(
                  RangeRequest.newBuilder()
                      .setKey(from)
                      .setRangeEnd(keys.chunksEnd())
                      .setKeysOnly(true)
                      .setLimit(LISTED_AT_ONCE)
                      .build()));
      all.addAll(page.getKvsList());
      if (!page.getMore()) {
        return all;
      }
      from = all.getLast().getKey().concat(ByteString.copyFrom(new byte[1]));
    }
  }
}
