package io.kubekv.server;

import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.EtcdStore;
import io.kubekv.etcd.EtcdStoreConfig;
import java.util.Optional;

/** The store on etcd as a server's configuration wants it. */
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
}
