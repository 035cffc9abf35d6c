package io.kubekv.benchmarks.load;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KVGrpc.KVBlockingStub;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.grpc.Status;
import java.net.InetSocketAddress;

/** Speaks etcd's v3 API. */
public final class EtcdV3Clients {
  private EtcdV3Clients() {}

  public static Client open(InetSocketAddress store) {
    return GrpcCalls.open(
        store,
        channel -> {
          KVBlockingStub stub = KVGrpc.newBlockingStub(channel);
          return new GrpcCalls.Calls() {
            @Override
            public void accept(Operation operation) {
              call(stub, operation);
            }

            // of a key that nobody writes
            @Override
            public long revision() {
              return stub.range(one("benchmark-none")).getHeader().getRevision();
            }

            @Override
            public long modified(String key) {
              return stub.range(one(key)).getKvs(0).getModRevision();
            }
          };
        });
  }

  private static void call(KVBlockingStub stub, Operation operation) {
    boolean right =
        switch (operation) {
          case Operation.Get get -> stub.range(one(get.key())).getKvsCount() == 1;
          case Operation.Put put -> stub.put(put(put.key(), put.value())).hasHeader();
          case Operation.ListBelow list -> stub.range(below(list.directory())).getKvsCount() > 0;
          case Operation.Increment increment -> increment(stub, increment.key());
        };
    if (!right) {
      throw Status.INTERNAL.withDescription("not the answer that it must be").asRuntimeException();
    }
  }

  private static boolean increment(KVBlockingStub stub, String key) {
    boolean succeeded;
    do {
      KeyValue now = stub.range(one(key)).getKvs(0);
      long next = Long.parseLong(now.getValue().toStringUtf8()) + 1;
      Compare unchanged =
          Compare.newBuilder()
              .setKey(now.getKey())
              .setTarget(Compare.CompareTarget.MOD)
              .setModRevision(now.getModRevision())
              .build();
      RequestOp write = RequestOp.newBuilder().setRequestPut(put(key, Long.toString(next))).build();
      succeeded =
          stub.txn(TxnRequest.newBuilder().addCompare(unchanged).addSuccess(write).build())
              .getSucceeded();
    } while (!succeeded);
    return true;
  }

  private static RangeRequest one(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  /** A slash is followed by a zero in the order of bytes. */
  private static RangeRequest below(String directory) {
    return RangeRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(directory + "/"))
        .setRangeEnd(ByteString.copyFromUtf8(directory + "0"))
        .build();
  }

  private static PutRequest put(String key, String value) {
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8(value))
        .build();
  }
}
