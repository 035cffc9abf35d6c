package io.kubekv.server;

import io.kubekv.client.EtcdStatus;
import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.EtcdCluster;
import io.kubekv.etcd.EtcdStore;
import io.kubekv.etcd.EtcdStoreConfig;
import io.kubekv.server.replica.Peer;
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

  static EtcdAccess access(ServerConfig.Etcd etcd) {
    Optional<EtcdAccess.Tls> tls =
        etcd.tls().map(pem -> new EtcdAccess.Tls(pem.authority(), pem.certificate(), pem.key()));
    Optional<EtcdAccess.Login> login =
        etcd.user().map(user -> new EtcdAccess.Login(user.name(), user.password()));
    return new EtcdAccess(etcd.endpoints(), tls, login);
  }

  static Peer peer(EtcdStore store, KvServerPeers peers) {
    return new Peer(store, peers.self(), peers::members, () -> status(store.cluster()));
  }

  static EtcdStatus status(EtcdCluster cluster) {
    return new EtcdStatus(
        cluster.prefix(),
        cluster.id().orElse(0),
        cluster.revision(),
        cluster.told(),
        cluster.lag(),
        cluster.members().stream().map(KvServerEtcd::member).toList());
  }

  private static EtcdStatus.Member member(EtcdCluster.Member member) {
    return new EtcdStatus.Member(
        member.endpoint(),
        member.name(),
        member.problem(),
        member.state().map(KvServerEtcd::state));
  }

  private static EtcdStatus.State state(EtcdCluster.State state) {
    return new EtcdStatus.State(
        state.id(),
        state.version(),
        state.role().name().toLowerCase(Locale.ROOT),
        state.revision(),
        state.databaseBytes(),
        state.usedBytes());
  }
}
