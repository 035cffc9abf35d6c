package io.kubekv.etcd.snapshot;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.Bytes;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Ops;
import io.kubekv.log.v1.Manifest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the snapshots of a log: the newest, and the one before it. For virtual threads. */
public final class Snapshots {
  /** Chunks are some 128 KiB, and at most as large as the largest value. */
  private static final int CHUNKS_AT_ONCE = 16;

  private final EtcdClient client;
  private final LogKeys keys;

  public Snapshots(EtcdClient client, LogKeys keys) {
    this.client = client;
    this.keys = keys;
  }

  /**
   * What stands in etcd.
   *
   * @param newest the newest manifest
   * @param previous the one before it
   * @param revision etcd's, at which both stood
   */
  public record Standing(Optional<KeyValue> newest, Optional<KeyValue> previous, long revision) {}

  public Standing standing() throws EtcdFailure, InterruptedException {
    return standing(
        Answers.await(
            client.txn(
                TxnRequest.newBuilder()
                    .addSuccess(Ops.get(keys.manifest()))
                    .addSuccess(Ops.get(keys.previousManifest()))
                    .build())));
  }

  /** What a transaction has found that asks for both manifests first. */
  static Standing standing(TxnResponse answer) {
    return new Standing(
        Ops.found(answer.getResponses(0)),
        Ops.found(answer.getResponses(1)),
        answer.getHeader().getRevision());
  }

  /**
   * Puts the root of a manifest together.
   *
   * @param revision etcd's revision to read at
   * @throws IOException when a part is missing or damaged; the message names it
   */
  public Root read(KeyValue manifest, long revision)
      throws IOException, EtcdFailure, InterruptedException {
    Bytes value = bytes(manifest.getValue());
    Manifest message = parse(manifest);
    Map<String, Bytes> chunks = new HashMap<>();
    List<String> names = Snapshot.chunkNames(value);
    for (int i = 0; i < names.size(); i += CHUNKS_AT_ONCE) {
      fetch(names.subList(i, Math.min(i + CHUNKS_AT_ONCE, names.size())), revision, chunks);
    }
    for (String name : names) {
      if (!chunks.containsKey(name)) {
        throw new IOException(
            "the snapshot at position %d lacks a chunk: etcd has no key %s"
                .formatted(message.getPosition(), keys.chunk(name).toStringUtf8()));
      }
    }
    try {
      return Snapshot.read(value, name -> chunks.getOrDefault(name, Bytes.EMPTY));
    } catch (IOException damaged) {
      throw new IOException(
          "the snapshot at position %d cannot be read: %s (below %s in etcd)"
              .formatted(message.getPosition(), damaged.getMessage(), keys.chunks().toStringUtf8()),
          damaged);
    }
  }

  private void fetch(List<String> names, long revision, Map<String, Bytes> chunks)
      throws EtcdFailure, InterruptedException {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    for (String name : names) {
      request.addSuccess(
          Ops.range(RangeRequest.newBuilder().setKey(keys.chunk(name)).setRevision(revision)));
    }
    Answers.await(client.txn(request.build())).getResponsesList().stream()
        .flatMap(answer -> Ops.found(answer).stream())
        .forEach(kv -> chunks.put(keys.chunkName(kv.getKey()), bytes(kv.getValue())));
  }

  /**
   * What a manifest says.
   *
   * @throws IOException when the key holds none; the message names it
   */
  Manifest parse(KeyValue manifest) throws IOException {
    try {
      Manifest message = Manifest.parseFrom(manifest.getValue());
      if (message.getPosition() > 0) {
        return message;
      }
      throw new InvalidProtocolBufferException("it says no position of the log");
    } catch (InvalidProtocolBufferException damaged) {
      throw new IOException(
          "the key %s in etcd holds no manifest of a snapshot: %s"
              .formatted(manifest.getKey().toStringUtf8(), damaged.getMessage()),
          damaged);
    }
  }

  private static Bytes bytes(ByteString value) {
    return Bytes.copyOf(value.toByteArray());
  }

  static ByteString value(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.toBuffer());
  }
}
