package io.kubekv.benchmarks;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.ManagedChannel;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.net.InetSocketAddress;

/** The keys of the benchmarks over gRPC: numbered, with values of 200 bytes. */
final class GrpcKeys {
  private static final ByteString VALUE = ByteString.copyFromUtf8("0123456789".repeat(20));

  private GrpcKeys() {}

  /** Puts the keys and answers what gets one of them at random, linearizable. */
  static GrpcLoop<?, ?> gets(StoreProcess store, int keys) {
    ManagedChannel channel = GrpcLoop.channel(store);
    try {
      return switch (store.name()) {
        case "etcd" -> etcd(store, channel, keys);
        case "kubekv" -> kubekv(store, channel, keys);
        default -> throw new IllegalArgumentException(store.name() + " does not speak gRPC");
      };
    } finally {
      channel.shutdownNow();
    }
  }

  private static GrpcLoop<?, ?> kubekv(StoreProcess store, ManagedChannel channel, int keys) {
    KeyValueGrpc.KeyValueBlockingStub stub = KeyValueGrpc.newBlockingStub(channel);
    for (int key = 0; key < keys; key++) {
      stub.put(put(key));
    }
    return new GrpcLoop<>(
        "kubekv",
        store,
        new GrpcLoop.Load<>(
            KeyValueGrpc.getGetMethod(),
            random -> Kv.GetRequest.newBuilder().setKey(name(random.nextInt(keys))).build(),
            answer -> answer.getEntry().getValue().equals(VALUE)));
  }

  /** Puts one of the keys of a kubekv at random. */
  static GrpcLoop<?, ?> puts(StoreProcess store, Written written) {
    return new GrpcLoop<>(
        "put",
        store,
        new GrpcLoop.Load<>(
            KeyValueGrpc.getPutMethod(),
            random -> put(written.choose(random)),
            answer -> answer.hasStored()));
  }

  /** Puts one of the keys of an etcd v3 at random. */
  static GrpcLoop<?, ?> etcdPuts(InetSocketAddress server, Written written) {
    return new GrpcLoop<>(
        "etcd",
        server,
        new GrpcLoop.Load<>(
            KVGrpc.getPutMethod(),
            random -> etcdPut(written.choose(random)),
            answer -> answer.getHeader().getRevision() > 0));
  }

  private static io.etcd.jetcd.api.PutRequest etcdPut(int key) {
    return io.etcd.jetcd.api.PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(name(key)))
        .setValue(VALUE)
        .build();
  }

  /** Puts a key of a kubekv and answers with the revision of that change. Blocks. */
  static long putOnce(StoreProcess store) {
    ManagedChannel channel = GrpcLoop.channel(store);
    try {
      return KeyValueGrpc.newBlockingStub(channel)
          .put(put(0))
          .getStored()
          .getEntry()
          .getModifyRevision();
    } finally {
      channel.shutdownNow();
    }
  }

  private static Kv.PutRequest put(int key) {
    return Kv.PutRequest.newBuilder().setKey(name(key)).setValue(VALUE).build();
  }

  private static GrpcLoop<?, ?> etcd(StoreProcess store, ManagedChannel channel, int keys) {
    KVGrpc.KVBlockingStub stub = KVGrpc.newBlockingStub(channel);
    for (int key = 0; key < keys; key++) {
      stub.put(etcdPut(key));
    }
    return new GrpcLoop<>(
        "etcd",
        store,
        new GrpcLoop.Load<>(
            KVGrpc.getRangeMethod(),
            random ->
                RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(name(random.nextInt(keys))))
                    .build(),
            answer -> answer.getKvsCount() == 1 && answer.getKvs(0).getValue().equals(VALUE)));
  }

  static String name(int key) {
    return "benchmark/k" + key;
  }
}
