package io.kubekv.replica;

import io.kubekv.client.EtcdStatus;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.wire.Values;

/** How the etcd is that a store is kept in, as {@code kubekv status} hears it. */
final class EtcdFigures {
  private EtcdFigures() {}

  static ReplicaProto.StatusResponse.Etcd toWire(EtcdStatus status) {
    ReplicaProto.StatusResponse.Etcd.Builder wire =
        ReplicaProto.StatusResponse.Etcd.newBuilder()
            .setPrefix(status.prefix())
            .setClusterId(status.clusterId())
            .setRevision(status.revision().value())
            .setTold(status.told().value());
    status.lag().ifPresent(lag -> wire.setLag(Values.toWire(lag)));
    status.members().forEach(member -> wire.addMembers(toWire(member)));
    return wire.build();
  }

  private static ReplicaProto.StatusResponse.EtcdMember toWire(EtcdStatus.Member member) {
    ReplicaProto.StatusResponse.EtcdMember.Builder wire =
        ReplicaProto.StatusResponse.EtcdMember.newBuilder()
            .setEndpoint(member.endpoint())
            .setName(member.name())
            .setProblem(member.problem());
    member.state().ifPresent(state -> wire.setState(toWire(state)));
    return wire.build();
  }

  private static ReplicaProto.StatusResponse.EtcdMemberState toWire(EtcdStatus.State state) {
    return ReplicaProto.StatusResponse.EtcdMemberState.newBuilder()
        .setId(state.id())
        .setVersion(state.version())
        .setRole(state.role())
        .setRevision(state.revision().value())
        .setDatabaseBytes(state.databaseBytes())
        .setUsedBytes(state.usedBytes())
        .build();
  }
}
