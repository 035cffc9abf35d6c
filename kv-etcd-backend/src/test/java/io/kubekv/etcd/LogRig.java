package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.ManagedChannel;
import io.kubekv.Bytes;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.GrpcEtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.lease.EtcdLease;
import io.kubekv.etcd.log.EtcdLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A log on a real etcd at the end of a cable, its faults, and the hands of somebody with etcdctl.
 */
final class LogRig implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final long ROOM = 10_000;

  private final Optional<EtcdVersion> borrowed;
  private final EtcdProcess etcd;
  private final Cable cable;
  private final String prefix = "/" + UUID.randomUUID() + "/";
  private final LogKeys keys = new LogKeys(prefix);
  private final FaultyClient.Faults faults = new FaultyClient.Faults();
  private final ManagedChannel channel;

  LogRig(EtcdVersion version) {
    this(EtcdProcess.borrow(version), Optional.of(version));
  }

  /** On an etcd that the test hurts, and ends. */
  LogRig(EtcdProcess etcd) {
    this(etcd, Optional.empty());
  }

  private LogRig(EtcdProcess etcd, Optional<EtcdVersion> borrowed) {
    this.borrowed = borrowed;
    this.etcd = etcd;
    this.cable = new Cable(etcd.port());
    this.channel = Channels.open(EtcdAccess.plain(List.of(etcd.endpoint())));
  }

  LogKeys keys() {
    return keys;
  }

  Cable cable() {
    return cable;
  }

  FaultyClient.Faults faults() {
    return faults;
  }

  /** At the end of the cable. */
  EtcdClient client() {
    return client(cable);
  }

  EtcdClient client(Cable by) {
    return GrpcEtcdClient.connect(EtcdAccess.plain(List.of(by.endpoint())), TIMEOUT);
  }

  /** A replica at the end of a cable. */
  EngineStore open(Cable by, EngineSettings settings, Duration life) {
    return open(by, settings, life, ROOM);
  }

  /** The same with room for so many entries. */
  EngineStore open(Cable by, EngineSettings settings, Duration life, long room) {
    return EngineStore.open(
        new EtcdLog(new FaultyClient(client(by), faults), keys, room),
        new EtcdLease(client(by), keys.lease(), new Holder("a-test", "", ""), life),
        settings);
  }

  Log log() {
    return log(ROOM);
  }

  Log log(long room) {
    return new EtcdLog(new FaultyClient(client(), faults), keys, room);
  }

  EtcdLease lease(Duration life) {
    return lease(new Holder("a-test", "", ""), life);
  }

  EtcdLease lease(Holder self, Duration life) {
    return new EtcdLease(client(), keys.lease(), self, life);
  }

  /** A replica by another access. */
  EngineStore open(EtcdAccess access, EngineSettings settings, Duration life) {
    return EngineStore.open(
        new EtcdLog(GrpcEtcdClient.connect(access, TIMEOUT), keys, ROOM),
        new EtcdLease(
            GrpcEtcdClient.connect(access, TIMEOUT),
            keys.lease(),
            new Holder("a-test", "", ""),
            life),
        settings);
  }

  int port() {
    return etcd.port();
  }

  /** Sends the first entry of a log, and keeps it back; what is returned delivers it. */
  Runnable holdFirstAppend(Log log) {
    Runnable arrive = faults.holdNextRequest();
    var unused = log.append(LogAuthor.begin().next("late"));
    return arrive;
  }

  /** The position of the last entry. */
  long lastEntry() {
    return keys.position(list(keys.entry(0), keys.entriesEnd()).getLast().getKey()).orElseThrow();
  }

  /** The chunks that the newest manifest names. */
  List<String> chunkNames() {
    return chunkNames(keys.manifest());
  }

  List<String> chunkNames(ByteString manifest) {
    try {
      return Snapshot.chunkNames(
          Bytes.copyOf(get(manifest).orElseThrow().getValue().toByteArray()));
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /** {@code etcdctl put}. */
  void put(ByteString key, ByteString value) {
    var unused =
        KVGrpc.newBlockingStub(channel)
            .put(PutRequest.newBuilder().setKey(key).setValue(value).build());
  }

  /** {@code etcdctl del}. */
  void delete(ByteString from, ByteString end) {
    var unused =
        KVGrpc.newBlockingStub(channel)
            .deleteRange(DeleteRangeRequest.newBuilder().setKey(from).setRangeEnd(end).build());
  }

  void delete(ByteString key) {
    delete(key, ByteString.EMPTY);
  }

  /** {@code etcdctl get}. */
  Optional<KeyValue> get(ByteString key) {
    return list(key, ByteString.EMPTY).stream().findFirst();
  }

  /** What {@code etcdctl get} shows. */
  ByteString value(ByteString key) {
    return get(key).orElseThrow().getValue();
  }

  List<KeyValue> list(ByteString from, ByteString end) {
    return KVGrpc.newBlockingStub(channel)
        .range(RangeRequest.newBuilder().setKey(from).setRangeEnd(end).build())
        .getKvsList();
  }

  /** {@code etcdctl compact --physical}, up to now: what is compacted is gone when it returns. */
  void compact() {
    long now =
        KVGrpc.newBlockingStub(channel)
            .range(RangeRequest.newBuilder().setKey(keys.lease()).build())
            .getHeader()
            .getRevision();
    var unused =
        KVGrpc.newBlockingStub(channel)
            .compact(CompactionRequest.newBuilder().setRevision(now).setPhysical(true).build());
  }

  @Override
  public void close() {
    cable.close();
    borrowed.ifPresent(
        version -> {
          // a slash ends the prefix, and the next character is 0
          delete(
              ByteString.copyFromUtf8(prefix),
              ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + "0"));
          etcd.giveBack(version);
        });
    channel.shutdownNow();
  }
}
