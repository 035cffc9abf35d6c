package io.kubekv.etcd.lease;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.Ops;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The key that only one can create, attached to a lease of etcd.
 *
 * @param self what the key says of this process
 * @param life of the lease; whole seconds, at least 2
 */
record LeaseKey(EtcdClient client, ByteString key, Holder self, Duration life) {
  LeaseKey {
    HolderText.check(self);
    if (life.toSeconds() < 2 || life.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "etcd's leases last whole seconds, at least 2; %s ms were wanted"
              .formatted(life.toMillis()));
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
            .addSuccess(Ops.put(key, HolderText.encode(self), lease))
            .build());
  }
}
