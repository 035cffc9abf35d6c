package io.kubekv.server;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.kubekv.KeyValueStore;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.k8s.api.AccessCheck;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.loopback.LoopbackTransport;
import io.kubekv.replica.LocalReplica;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.ops.Metrics;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a server keeps its store in.
 *
 * @param store this process's own, which the other replicas do not answer for
 * @param replica this process as one of the store's replicas
 * @param trouble why not every change can be stored; empty when it can
 */
record KvServerBackend(KeyValueStore store, LocalReplica replica, Supplier<String> trouble) {
  /**
   * Owns the lease where the API server is inside: whoever holds the data directory's lock. No host
   * has this name, so a replica that comes from outside to that API server is never taken for it.
   */
  private static final String EMBEDDED = "embedded@data-dir";

  /**
   * Opens it. Blocks until the store is ready, or its first wait is over.
   *
   * @param loop the doors', for what goes over the network
   */
  static KvServerBackend open(ServerConfig config, EventLoop loop, Metrics metrics, Parts parts)
      throws IOException {
    return switch (config.backend()) {
      case ServerConfig.Embedded embedded -> embedded(config, embedded, metrics, parts);
      case ServerConfig.Cluster cluster -> cluster(config, cluster, loop, metrics, parts);
      case ServerConfig.Etcd etcd -> etcd(config, etcd, metrics, parts);
    };
  }

  private static KvServerBackend embedded(
      ServerConfig config, ServerConfig.Embedded embedded, Metrics metrics, Parts parts)
      throws IOException {
    EmbeddedApiServer api = parts.opened("embedded API server", embedded(embedded.dataDir()));
    metrics.counter(
        "kubekv.embedded.syncs",
        "How often the embedded API server has synced changes to the disk",
        api,
        EmbeddedApiServer::syncs);
    Config connection =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(api.uri().toString())
            .withOauthToken(api.token())
            .withRequestRetryBackoffLimit(0)
            .build();
    KubernetesClient client = client(connection, new LoopbackTransport(api.loopback()), parts);
    LeaseSettings lease = lease(config, EMBEDDED).asOnlyProcessOfOwner();
    KvServerLog log =
        KvServerLog.open(config, new KvServerLog.Clients(client, client), lease, metrics, parts);
    return new KvServerBackend(log.store(), log.replica(api::problem), api::problem);
  }

  private static EmbeddedApiServer embedded(Path data) throws IOException {
    try {
      return EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(data));
    } catch (FileSystemException unusable) {
      throw new IOException(
          "cannot use the data directory "
              + data
              + ": "
              + FileProblems.explain(unusable)
              + "; make it this user's, or name another with --data-dir",
          unusable);
    }
  }

  private static KvServerBackend cluster(
      ServerConfig config,
      ServerConfig.Cluster cluster,
      EventLoop loop,
      Metrics metrics,
      Parts parts) {
    KubernetesClient client = client(cluster, loop, parts);
    AccessCheck.require(client, cluster.namespace());
    EventLoop apart = parts.opened("event loop of the lease", new EventLoop());
    KubernetesClient leases = client(cluster, apart, parts);
    KvServerLog log =
        KvServerLog.open(
            config,
            new KvServerLog.Clients(client, leases),
            lease(config, owner()),
            metrics,
            parts);
    Supplier<String> none = () -> "";
    return new KvServerBackend(log.store(), log.replica(none), none);
  }

  private static KvServerBackend etcd(
      ServerConfig config, ServerConfig.Etcd etcd, Metrics metrics, Parts parts) {
    KvServerEtcdLog log = parts.opened("log on etcd", KvServerEtcdLog.open(config, etcd, owner()));
    log.show(metrics);
    return new KvServerBackend(log.store(), log.replica(), () -> "");
  }

  /** A client of its own of a cluster. */
  static KubernetesClient client(ServerConfig.Cluster cluster, EventLoop loop, Parts parts) {
    return client(
        KvServerCluster.connection(cluster), new Vertx5HttpClientFactory(loop.vertx()), parts);
  }

  private static KubernetesClient client(
      Config connection, HttpClient.Factory transport, Parts parts) {
    return parts.opened(
        "Kubernetes client",
        new KubernetesClientBuilder()
            .withConfig(connection)
            .withHttpClientFactory(transport)
            .build());
  }

  private static LeaseSettings lease(ServerConfig config, String owner) {
    return new LeaseSettings("kubekv", config.lease(), config.lease().dividedBy(3), owner, false);
  }

  /** What this process is called: by the name of its host. */
  static String owner() {
    return Optional.ofNullable(System.getenv("HOSTNAME"))
        .map(name -> name.replace('_', '-'))
        .filter(name -> !name.isEmpty() && name.length() <= 100)
        .orElse("kubekv");
  }
}
