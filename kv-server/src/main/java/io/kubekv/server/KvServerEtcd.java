package io.kubekv.server;

import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.EtcdCluster;
import io.kubekv.etcd.EtcdStore;
import io.kubekv.etcd.EtcdStoreConfig;
import io.kubekv.replica.v1.ReplicaProto.StatusResponse;
import io.kubekv.server.replica.Member;
import io.kubekv.server.replica.Peer;
import io.kubekv.wire.Values;
import java.util.Locale;
import java.util.Optional;

/** The store on etcd as a server's configuration wants it, and as {@code kubekv status} sees it. */
final class KvServerEtcd {
  private KvServerEtcd() {}

  static EtcdStore open(ServerConfig config, ServerConfig.Etcd etcd) {
    EtcdStoreConfig settings =
        EtcdStoreConfig.defaults("/kubekv/" + etcd.namespace() + "/")
            .withLimits(config.limits())
            .withHistoryBytes(config.historyBytes())
            .withPatience(config.requestTimeout());
    return EtcdStore.open(access(etcd), settings);
  }

  private static EtcdAccess access(ServerConfig.Etcd etcd) {
    Optional<EtcdAccess.Tls> tls =
        etcd.tls().map(pem -> new EtcdAccess.Tls(pem.authority(), pem.certificate(), pem.key()));
    Optional<EtcdAccess.Login> login =
        etcd.user().map(user -> new EtcdAccess.Login(user.name(), user.password()));
    return new EtcdAccess(etcd.endpoints(), tls, login);
  }

  /**
   * @param owner a name of this machine for people
   */
  static Peer peer(ServerConfig config, EtcdStore store, String owner) {
    Member self = new Member(owner + "-" + store.process(), owner, config.clientUrls(), "");
    return new Peer(store, self, () -> toWire(store.cluster()));
  }

  private static StatusResponse.Etcd toWire(EtcdCluster cluster) {
    StatusResponse.Etcd.Builder wire =
        StatusResponse.Etcd.newBuilder()
            .setPrefix(cluster.prefix())
            .setClusterId(cluster.id().orElse(0))
            .setRevision(cluster.revision().value())
            .setTold(cluster.told().value());
    cluster.lag().ifPresent(lag -> wire.setLag(Values.toWire(lag)));
    cluster.members().forEach(member -> wire.addMembers(toWire(member)));
    return wire.build();
  }

  private static StatusResponse.EtcdMember toWire(EtcdCluster.Member member) {
    StatusResponse.EtcdMember.Builder wire =
        StatusResponse.EtcdMember.newBuilder()
            .setEndpoint(member.endpoint())
            .setName(member.name())
            .setProblem(member.problem());
    member.state().ifPresent(state -> wire.setState(toWire(state)));
    return wire.build();
  }

  private static StatusResponse.EtcdMemberState toWire(EtcdCluster.State state) {
    return StatusResponse.EtcdMemberState.newBuilder()
        .setId(state.id())
        .setVersion(state.version())
        .setRole(state.role().name().toLowerCase(Locale.ROOT))
        .setRevision(state.revision().value())
        .setDatabaseBytes(state.databaseBytes())
        .setUsedBytes(state.usedBytes())
        .build();
  }
}
