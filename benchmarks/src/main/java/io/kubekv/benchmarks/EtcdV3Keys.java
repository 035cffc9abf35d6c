package io.kubekv.benchmarks;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;

/** Calls of etcd's v3 API on numbered keys with values of 200 bytes; whoever serves it. */
final class EtcdV3Keys {
  private static final ByteString VALUE = ByteString.copyFromUtf8("0123456789".repeat(20));

  private final int keys;

  EtcdV3Keys(int keys) {
    this.keys = keys;
  }

  /** Puts all of them. Blocks. */
  void fill(InetSocketAddress server) {
    GrpcLoop.once(
        server,
        channel -> {
          KVGrpc.KVBlockingStub stub = KVGrpc.newBlockingStub(channel);
          for (int key = 0; key < keys; key++) {
            stub.put(put(key));
          }
        });
  }

  /** Linearizable reads of one at random. */
  GrpcLoop<?, ?> ranges(String name, InetSocketAddress server) {
    return new GrpcLoop<>(
        name,
        server,
        new GrpcLoop.Load<>(
            KVGrpc.getRangeMethod(),
            random -> RangeRequest.newBuilder().setKey(key(random)).build(),
            answer -> answer.getKvsCount() == 1 && answer.getKvs(0).getValue().equals(VALUE)));
  }

  GrpcLoop<?, ?> puts(String name, InetSocketAddress server) {
    return new GrpcLoop<>(
        name,
        server,
        new GrpcLoop.Load<>(
            KVGrpc.getPutMethod(),
            random -> put(random.nextInt(keys)),
            answer -> answer.getHeader().getRevision() > keys));
  }

  /** As kube-apiserver writes: if a key is as it was read then put it, else read it. */
  GrpcLoop<?, ?> transactions(String name, InetSocketAddress server) {
    return new GrpcLoop<>(
        name,
        server,
        new GrpcLoop.Load<>(
            KVGrpc.getTxnMethod(),
            random -> transaction(random.nextInt(keys)),
            answer -> answer.getSucceeded() && answer.getResponses(0).hasResponsePut()));
  }

  private static TxnRequest transaction(int key) {
    return TxnRequest.newBuilder()
        .addCompare(
            Compare.newBuilder()
                .setKey(name(key))
                .setTarget(Compare.CompareTarget.MOD)
                .setResult(Compare.CompareResult.GREATER)
                .setModRevision(0))
        .addSuccess(RequestOp.newBuilder().setRequestPut(put(key)))
        .addFailure(
            RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(name(key))))
        .build();
  }

  private static PutRequest put(int key) {
    return PutRequest.newBuilder().setKey(name(key)).setValue(VALUE).build();
  }

  private ByteString key(SplittableRandom random) {
    return name(random.nextInt(keys));
  }

  static ByteString name(int key) {
    return ByteString.copyFromUtf8("benchmark/k" + key);
  }
}
