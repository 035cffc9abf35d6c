package io.kubekv.etcd.lease;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.Ops;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The key that only one can create, attached to a lease of etcd.
 *
 * @param name of this process, for people who look at the key
 * @param life of the lease; whole seconds, at least 2
 */
record LeaseKey(EtcdClient client, ByteString key, String name, Duration life) {
  LeaseKey {
    if (life.toSeconds() < 2 || life.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "etcd's leases last whole seconds, at least 2, but %s was wanted".formatted(life));
    }
  }

  /** Who has it. */
  CompletableFuture<RangeResponse> look() {
    return client.range(RangeRequest.newBuilder().setKey(key).build());
  }

  /** A new lease for it. */
  CompletableFuture<Long> grant() {
    return client.grant(life.toSeconds());
  }

  /** Creates it if nobody has. */
  CompletableFuture<TxnResponse> create(long lease) {
    return client.txn(
        TxnRequest.newBuilder()
            .addCompare(Ops.absent(key))
            .addSuccess(Ops.put(key, ByteString.copyFromUtf8(name), lease))
            .build());
  }
}
