package io.kubekv.server;

import io.kubekv.client.EtcdStatus;
import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.EtcdCluster;
import java.util.Locale;
import java.util.Optional;

/** The etcd that keeps a log: how it is reached, and as {@code kubekv status} sees it. */
final class KvServerEtcd {
  private KvServerEtcd() {}

  static EtcdAccess access(ServerConfig.Etcd etcd) {
    Optional<EtcdAccess.Tls> tls =
        etcd.tls().map(pem -> new EtcdAccess.Tls(pem.authority(), pem.certificate(), pem.key()));
    Optional<EtcdAccess.Login> login =
        etcd.user().map(user -> new EtcdAccess.Login(user.name(), user.password()));
    return new EtcdAccess(etcd.endpoints(), tls, login);
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
