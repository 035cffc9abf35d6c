package io.kubekv.server.replica;

import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.UnavailableException;
import io.kubekv.client.EtcdStatus;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.server.grpc.Companion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * This process as one of any number that serve a store side by side, none above the others: nobody
 * follows it, and it says how it is.
 */
public final class Peer extends ReplicasGrpc.ReplicasImplBase {
  private final KeyValueStore store;
  private final Member self;
  private final Supplier<List<Member>> members;
  private final Supplier<EtcdStatus> etcd;

  /**
   * @param members all processes that serve the store, this one among them
   * @param etcd asks how the etcd is that the store is kept in
   */
  public Peer(
      KeyValueStore store, Member self, Supplier<List<Member>> members, Supplier<EtcdStatus> etcd) {
    this.store = store;
    this.self = self;
    this.members = members;
    this.etcd = etcd;
  }

  /** What {@code kubekv status} finds at this process's gRPC door. */
  public Companion companion() {
    return new Companion(
        this,
        List.of(),
        Set.of(ReplicasGrpc.getStatusMethod().getFullMethodName()),
        Optional.empty(),
        headers -> false);
  }

  @Override
  public void status(
      ReplicaProto.StatusRequest request, StreamObserver<ReplicaProto.StatusResponse> client) {
    client.onNext(status());
    client.onCompleted();
  }

  private ReplicaProto.StatusResponse status() {
    ReplicaProto.StatusResponse.Etcd behind = EtcdFigures.toWire(etcd.get());
    StoreStatus now = store.status();
    return ReplicaProto.StatusResponse.newBuilder()
        .setIdentity(self.identity())
        .setRole(
            now.ready()
                ? ReplicaProto.StatusResponse.Role.ROLE_PEER
                : ReplicaProto.StatusResponse.Role.ROLE_WAITING)
        .setReady(now.ready())
        .setReason(now.reason())
        .setStoreId(storeId())
        .setRevision(now.revision().value())
        .setAnnounced(now.revision().value())
        .setOldest(now.oldest().value())
        .setEntries(now.entries())
        .addAllMembers(members.get().stream().map(Member::toWire).toList())
        .setEtcd(behind)
        .build();
  }

  /** Zero until the store knows it. */
  private long storeId() {
    try {
      return store.id();
    } catch (UnavailableException notYet) {
      return 0;
    }
  }
}
