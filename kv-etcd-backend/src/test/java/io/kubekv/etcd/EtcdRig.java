package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Several stores on one etcd, and the hands of somebody with etcdctl. */
final class EtcdRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EtcdKeys keys;
  private final EtcdStoreConfig config;
  private final ManagedChannel channel;
  private final Deque<EtcdStore> parts = new ArrayDeque<>();

  EtcdRig(List<String> endpoints) {
    this.config =
        EtcdStoreConfig.defaults("/" + UUID.randomUUID() + "/").withPatience(Duration.ofSeconds(9));
    this.keys = new EtcdKeys(config.prefix());
    this.channel = Channels.open(EtcdAccess.plain(endpoints));
  }

  EtcdStoreConfig config() {
    return config;
  }

  EtcdKeys keys() {
    return keys;
  }

  /** Another store, by the members that it knows. */
  EtcdStore open(List<String> endpoints) {
    return open(GrpcEtcd.connect(EtcdAccess.plain(endpoints)));
  }

  EtcdStore open(Etcd etcd) {
    EtcdStore store = EtcdStore.open(etcd, config);
    parts.push(store);
    return store;
  }

  /** {@code etcdctl put}. */
  long put(ByteString key, String value) {
    return KVGrpc.newBlockingStub(channel)
        .put(PutRequest.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value)).build())
        .getHeader()
        .getRevision();
  }

  /** {@code etcdctl del}. */
  long delete(Span span) {
    return KVGrpc.newBlockingStub(channel)
        .withDeadlineAfter(5, TimeUnit.SECONDS)
        .deleteRange(
            DeleteRangeRequest.newBuilder().setKey(span.from()).setRangeEnd(span.end()).build())
        .getHeader()
        .getRevision();
  }

  /** {@code etcdctl get}. */
  Optional<KeyValue> get(ByteString key) {
    return KVGrpc.newBlockingStub(channel)
        .range(RangeRequest.newBuilder().setKey(key).build())
        .getKvsList()
        .stream()
        .findFirst();
  }

  /** {@code etcdctl compact}. */
  void compact(long revision) {
    KVGrpc.newBlockingStub(channel)
        .compact(CompactionRequest.newBuilder().setRevision(revision).build());
  }

  static Optional<String> text(KeyValueStore store, String key) {
    Lookup found = store.get(Key.of(key), Freshness.LINEARIZABLE);
    return found.entry().map(entry -> entry.value().toText());
  }

  static void eventually(String what, BooleanSupplier condition) {
    Awaitility.await(what).pollDelay(Duration.ZERO).atMost(PATIENCE).until(condition::getAsBoolean);
  }

  /** Closes the stores, and deletes what they wrote where etcd still answers. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
    try {
      delete(keys.all());
    } catch (StatusRuntimeException killed) {
      // the test has ended this etcd, and its data with it
    }
    channel.shutdownNow();
  }
}
