package io.kubekv.benchmarks.load;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.KeyValueGrpc.KeyValueBlockingStub;
import io.kubekv.v1.Kv;
import java.net.InetSocketAddress;
import java.util.Iterator;

/** Speaks kubekv's gRPC API. */
public final class KubekvClients {
  private KubekvClients() {}

  public static Client open(InetSocketAddress store) {
    return GrpcCalls.open(
        store,
        channel -> {
          KeyValueBlockingStub stub = KeyValueGrpc.newBlockingStub(channel);
          return new GrpcCalls.Calls() {
            @Override
            public void accept(Operation operation) {
              call(stub, operation);
            }

            // of a key that nobody writes
            @Override
            public long revision() {
              return stub.get(get("benchmark-none")).getRevision();
            }

            @Override
            public long modified(String key) {
              return stub.get(get(key)).getEntry().getModifyRevision();
            }
          };
        });
  }

  private static Kv.GetRequest get(String key) {
    return Kv.GetRequest.newBuilder().setKey(key).build();
  }

  private static void call(KeyValueBlockingStub stub, Operation operation) {
    boolean right =
        switch (operation) {
          case Operation.Get get -> stub.get(get(get.key())).hasEntry();
          case Operation.Put put -> stub.put(put(put.key(), put.value()).build()).hasStored();
          case Operation.ListBelow list -> list(stub, list) > 0;
          case Operation.Increment increment -> increment(stub, increment.key());
        };
    if (!right) {
      throw Status.INTERNAL.withDescription("not the answer that it must be").asRuntimeException();
    }
  }

  private static int list(KeyValueBlockingStub stub, Operation.ListBelow list) {
    Kv.Range range = Kv.Range.newBuilder().setPrefix(list.directory() + "/").build();
    Iterator<Kv.ListResponse> parts =
        stub.list(Kv.ListRequest.newBuilder().setRange(range).build());
    int entries = 0;
    while (parts.hasNext()) {
      entries += parts.next().getEntriesCount();
    }
    return entries;
  }

  private static boolean increment(KeyValueBlockingStub stub, String key) {
    Kv.PutResponse answer;
    do {
      Kv.Entry now = stub.get(get(key)).getEntry();
      long next = Long.parseLong(now.getValue().toStringUtf8()) + 1;
      Kv.Precondition unchanged =
          Kv.Precondition.newBuilder()
              .setMatches(Kv.Precondition.Matches.newBuilder().setRevision(now.getModifyRevision()))
              .build();
      answer = stub.put(put(key, Long.toString(next)).setPrecondition(unchanged).build());
    } while (!answer.hasStored());
    return true;
  }

  private static Kv.PutRequest.Builder put(String key, String value) {
    return Kv.PutRequest.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value));
  }
}
