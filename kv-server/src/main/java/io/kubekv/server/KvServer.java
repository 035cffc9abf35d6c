package io.kubekv.server;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.etcd.EtcdStore;
import io.kubekv.etcd.EtcdStoreConfig;
import io.kubekv.k8s.KubernetesStore;
import io.kubekv.k8s.KubernetesStoreConfig;
import io.kubekv.k8s.LeaseSettings;
import io.kubekv.server.consul.ConsulDoor;
import io.kubekv.server.consul.ConsulSettings;
import io.kubekv.server.decorator.MeteredStore;
import io.kubekv.server.etcdv2.EtcdV2Door;
import io.kubekv.server.etcdv2.EtcdV2Settings;
import io.kubekv.server.loopback.LoopbackTransport;
import io.kubekv.server.ops.Metrics;
import io.kubekv.server.ops.OpsPages;
import io.kubekv.server.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A running server: the one class that names every part and joins them. Parts are opened from the
 * API server to the doors, and closed in the opposite order.
 */
final class KvServer implements AutoCloseable {
  /**
   * Owns the lease where the API server is inside: whoever holds the data directory's lock. No host
   * has this name, so a replica that comes from outside to that API server is never taken for it.
   */
  private static final String EMBEDDED = "embedded@data-dir";

  private final Deque<Part> parts = new ArrayDeque<>();
  private @Nullable String etcdUrl;
  private @Nullable String consulUrl;
  private @Nullable String grpcTarget;
  private @Nullable String opsUrl;

  private KvServer() {}

  /**
   * Opens everything and listens. Blocks until the store is ready, or its first wait is over.
   *
   * @throws RuntimeException naming what could not be opened; everything else is closed again
   */
  static KvServer start(ServerConfig config) {
    KvServer server = new KvServer();
    try {
      server.open(config);
      return server;
    } catch (IOException failure) {
      server.close();
      throw new UncheckedIOException(failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /** Where the etcd v2 door listens, as a client on this machine would write it. */
  String etcdUrl() {
    return String.valueOf(etcdUrl);
  }

  /** Where the Consul door listens, when it does. */
  Optional<String> consulUrl() {
    return Optional.ofNullable(consulUrl);
  }

  /** Where the gRPC door listens, as HOST:PORT, when it does. */
  Optional<String> grpcTarget() {
    return Optional.ofNullable(grpcTarget);
  }

  /** Where the operations pages are, when they are. */
  Optional<String> opsUrl() {
    return Optional.ofNullable(opsUrl);
  }

  /** Takes no more requests, ends those in flight, gives up the lease, closes the data. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private void open(ServerConfig config) throws IOException {
    ExecutorService threads = opened("threads", Executors.newVirtualThreadPerTaskExecutor());
    Metrics metrics = opened("metrics", new Metrics(BuildInfo.version()));
    KeyValueStore backend = backend(config);
    KeyValueStore store = opened("store", new MeteredStore(backend, metrics.registry()));
    metrics.show(store);
    WatchHub hub = opened("watch hub", WatchHub.open(store, Thread.ofVirtual().factory()));
    metrics.gauge("kubekv.watchers", "Watches that wait", hub, WatchHub::watchers);
    EtcdV2Settings settings =
        EtcdV2Settings.DEFAULT.withClientUrls(
            config.advertised().stream().map(Object::toString).toList());
    EtcdV2Door etcd = new EtcdV2Door(store, hub, settings, InstantSource.system());
    Optional<ConsulDoor> consul = config.consul().map(address -> consul(store, hub, threads));
    Doors doors = opened("doors", new Doors(threads, metrics));
    etcdUrl = doors.http("etcd", config.etcd(), etcd);
    if (config.consul().isPresent()) {
      consulUrl = doors.http("consul", config.consul().get(), consul.orElseThrow());
    }
    if (config.grpc().isPresent()) {
      grpcTarget = doors.grpc(config.grpc().get(), store);
    }
    if (config.ops().isPresent()) {
      opsUrl = doors.ops(config.ops().get(), new OpsPages(store, metrics));
    }
  }

  private ConsulDoor consul(KeyValueStore store, WatchHub hub, ExecutorService threads) {
    return opened("Consul queries", new ConsulDoor(store, hub, ConsulSettings.DEFAULT, threads));
  }

  private KeyValueStore backend(ServerConfig config) throws IOException {
    return switch (config.backend()) {
      case ServerConfig.Embedded embedded -> {
        EmbeddedApiServer api =
            opened(
                "embedded API server",
                EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(embedded.dataDir())));
        Config connection =
            new ConfigBuilder(Config.empty())
                .withMasterUrl(api.uri().toString())
                .withOauthToken(api.token())
                .withRequestRetryBackoffLimit(0)
                .build();
        yield store(
            config,
            lease(config, EMBEDDED).asOnlyProcessOfOwner(),
            new KubernetesClientBuilder()
                .withConfig(connection)
                .withHttpClientFactory(new LoopbackTransport(api.loopback())));
      }
      case ServerConfig.Cluster cluster ->
          store(
              config,
              lease(config, owner()),
              new KubernetesClientBuilder().withConfig(connection(cluster)));
      case ServerConfig.Etcd etcd -> store(config, etcd);
    };
  }

  private static KeyValueStore store(ServerConfig config, ServerConfig.Etcd etcd) {
    EtcdStoreConfig settings =
        EtcdStoreConfig.defaults("/kubekv/" + etcd.namespace() + "/")
            .withLimits(config.limits())
            .withHistoryBytes(config.historyBytes())
            .withPatience(config.requestTimeout());
    return EtcdStore.open(etcd.access(), settings);
  }

  private KeyValueStore store(
      ServerConfig config, LeaseSettings lease, KubernetesClientBuilder clients) {
    KubernetesClient client = opened("Kubernetes client", clients.build());
    return KubernetesStore.open(
        client,
        KubernetesStoreConfig.defaults(config.backend().namespace(), lease)
            .withLimits(config.limits())
            .withHistoryBytes(config.historyBytes())
            .withPatience(config.requestTimeout(), config.requestTimeout()));
  }

  private static Config connection(ServerConfig.Cluster cluster) {
    String context = cluster.context().orElse(null);
    Config connection =
        cluster
            .kubeconfig()
            .map(file -> Config.fromKubeconfig(context, readable(file).toFile()))
            .orElseGet(() -> Config.autoConfigure(context));
    connection.setRequestRetryBackoffLimit(0);
    return connection;
  }

  private static Path readable(Path kubeconfig) {
    if (!Files.isReadable(kubeconfig)) {
      throw new IllegalArgumentException("cannot read the kubeconfig " + kubeconfig);
    }
    return kubeconfig;
  }

  private static LeaseSettings lease(ServerConfig config, String owner) {
    return new LeaseSettings("kubekv", config.lease(), config.lease().dividedBy(3), owner, false);
  }

  private static String owner() {
    return Optional.ofNullable(System.getenv("HOSTNAME"))
        .map(name -> name.replace('_', '-'))
        .filter(name -> !name.isEmpty() && name.length() <= 100)
        .orElse("kubekv");
  }

  private <T extends AutoCloseable> T opened(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }
}
