package io.kubekv.server;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.kubekv.KeyValueStore;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.k8s.api.AccessCheck;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.server.access.Audit;
import io.kubekv.server.access.Gate;
import io.kubekv.server.access.GuardedStore;
import io.kubekv.server.access.GuardedWatches;
import io.kubekv.server.cli.BuildInfo;
import io.kubekv.server.consul.ConsulDoor;
import io.kubekv.server.consul.ConsulSettings;
import io.kubekv.server.decorator.LimitedStore;
import io.kubekv.server.decorator.MeteredStore;
import io.kubekv.server.decorator.StoreBound;
import io.kubekv.server.etcdv2.EtcdV2Door;
import io.kubekv.server.etcdv2.EtcdV2Settings;
import io.kubekv.server.golang.Json;
import io.kubekv.server.http.EventLoop;
import io.kubekv.server.limits.Budgets;
import io.kubekv.server.loopback.LoopbackTransport;
import io.kubekv.server.ops.Metrics;
import io.kubekv.server.ops.OpsPages;
import io.kubekv.server.ops.Workers;
import io.kubekv.server.replica.LocalReplica;
import io.kubekv.server.replica.Replicas;
import io.kubekv.server.requests.Tracer;
import io.kubekv.server.tls.Certificates;
import io.kubekv.server.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
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

  private final Workers workers;
  private final Core core;
  private Supplier<String> problemOfStorage = () -> "";
  private Optional<LocalReplica> onLog = Optional.empty();

  private KvServer(Workers workers, Core core) {
    this.workers = workers;
    this.core = core;
  }

  /**
   * Opens everything and listens. Blocks until the store is ready, or its first wait is over.
   *
   * @throws RuntimeException naming what could not be opened; everything else is closed again
   */
  static KvServer start(ServerConfig config) {
    return start(config, Tracer.NONE, new Workers());
  }

  /**
   * As above.
   *
   * @param tracer follows requests; taken over
   * @param workers whether all threads live
   */
  static KvServer start(ServerConfig config, Tracer tracer, Workers workers) {
    return start(config, tracer, workers, Core.chosen());
  }

  /** As above, on a certain core. */
  static KvServer start(ServerConfig config, Tracer tracer, Workers workers, Core core) {
    KvServer server = new KvServer(workers, core);
    try {
      server.opened("traces", tracer);
      server.open(config, tracer);
      return server;
    } catch (IOException failure) {
      server.close();
      throw new UncheckedIOException(failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /** Where the etcd v2 door listens, as a client on this machine would write it; or empty. */
  String etcdUrl() {
    return etcdUrl == null ? "" : etcdUrl;
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

  private void open(ServerConfig config, Tracer tracer) throws IOException {
    config.requireFreeAddresses(); // before anything is taken from another replica
    ExecutorService threads = opened("threads", Executors.newVirtualThreadPerTaskExecutor());
    EventLoop loop = opened("event loop", new EventLoop());
    Optional<Certificates> tls =
        config.tls().map(files -> opened("certificates", Certificates.open(files)));
    Metrics metrics = opened("metrics", new Metrics(BuildInfo.own().version()));
    tls.ifPresent(certificates -> KvServerMetrics.show(certificates, metrics));
    KeyValueStore own = backend(config, loop, metrics);
    Optional<Replicas> replicas = replicas(config, own, metrics, threads, loop, tls);
    KeyValueStore shown = replicas.map(Replicas::store).orElse(own);
    KeyValueStore store = new MeteredStore(shown, metrics.registry());
    metrics.show(store);
    replicas.ifPresent(joined -> KvServerReplica.show(joined, metrics));
    WatchHub hub =
        opened("watch hub", WatchHub.open(store, Thread.ofVirtual().name("kubekv-hub").factory()));
    KvServerMetrics.show(hub, metrics);
    Budgets budgets = opened("limits", config.clients().budgets());
    KvServerLimits.show(budgets, metrics);
    StoreBound bound =
        new StoreBound(shown, config.clients().storeBytes(config.backend()), budgets.hits());
    KvServerLimits.show(bound, metrics);
    KeyValueStore limited =
        LimitedStore.inOnePiece(store, config.clients().listBytes(), budgets, bound);
    KeyValueStore asJson =
        LimitedStore.inOnePiece(
            store, config.clients().listBytes(), budgets, bound, Json::mostBytes);
    EtcdV2Door etcd =
        new EtcdV2Door(
            asJson,
            hub,
            EtcdV2Settings.DEFAULT,
            () -> KvServerMembers.of(config, replicas),
            InstantSource.system());
    Optional<ConsulDoor> consul =
        config.consul().map(address -> consul(config, limited, hub, threads));
    Optional<Gate> gate =
        config.access().map(access -> opened("gate", gate(config, access, metrics, loop, threads)));
    gate.ifPresent(asked -> KvServerAccess.show(asked, metrics));
    Doors doors =
        opened(
            "doors",
            new Doors(
                threads,
                metrics,
                tracer,
                loop,
                tls,
                gate,
                config.doors(),
                config.clients(),
                budgets));
    replicas.ifPresent(joined -> opened("followers", (AutoCloseable) joined::dismissFollowers));
    if (config.etcd().isPresent()) {
      etcdUrl =
          doors.http(
              "etcd",
              config.etcd().get(),
              etcd,
              access -> etcd.on(new GuardedStore(asJson, access), new GuardedWatches(hub, access)),
              config.doors().origins());
    }
    if (config.consul().isPresent()) {
      ConsulDoor whole = consul.orElseThrow();
      consulUrl =
          doors.http(
              "consul",
              config.consul().get(),
              whole,
              access ->
                  whole.on(new GuardedStore(limited, access), new GuardedWatches(hub, access)),
              List.of());
    }
    if (config.grpc().isPresent()) {
      grpcTarget =
          doors.grpc(
              config.grpc().get(),
              LimitedStore.inPieces(store, budgets, bound),
              replicas.map(Replicas::companion));
    }
    if (config.ops().isPresent()) {
      opsUrl =
          doors.ops(config.ops().get(), new OpsPages(store, metrics, workers, problemOfStorage));
    }
  }

  /** Reviews have a client of their own, so that none of them waits for the store's calls. */
  private Gate gate(
      ServerConfig config,
      AccessConfig access,
      Metrics metrics,
      EventLoop loop,
      ExecutorService threads) {
    Optional<KubernetesClient> reviews =
        config.backend() instanceof ServerConfig.Cluster cluster
            ? Optional.of(
                client(
                    KvServerCluster.connection(cluster), new Vertx5HttpClientFactory(loop.vertx())))
            : Optional.empty();
    Audit audit = access.audit().<Audit>map(file -> audit(file, metrics)).orElse(Audit.NONE);
    return KvServerAccess.open(
        config.backend().namespace(), config.limits(), access, reviews, audit, threads);
  }

  private AuditFile audit(Path file, Metrics metrics) {
    AuditFile audit = opened("audit log", AuditFile.open(file, InstantSource.system()));
    KvServerMetrics.show(audit, metrics);
    return audit;
  }

  private ConsulDoor consul(
      ServerConfig config, KeyValueStore store, WatchHub hub, ExecutorService threads) {
    ConsulSettings settings = ConsulSettings.DEFAULT.withNode(config.doors().nodeOfConsul());
    return opened("Consul queries", new ConsulDoor(store, hub, settings, threads));
  }

  private Optional<Replicas> replicas(
      ServerConfig config,
      KeyValueStore own,
      Metrics metrics,
      ExecutorService threads,
      EventLoop loop,
      Optional<Certificates> tls) {
    Optional<LocalReplica> local = onLog;
    onLog.ifPresent(replica -> KvServerLogMetrics.show(replica, metrics));
    return local.map(
        replica ->
            opened(
                "replicas",
                KvServerReplica.join(config, own, replica, owner(), threads, loop, tls)));
  }

  private KeyValueStore backend(ServerConfig config, EventLoop loop, Metrics metrics)
      throws IOException {
    return switch (config.backend()) {
      case ServerConfig.Embedded embedded -> {
        EmbeddedApiServer api =
            opened(
                "embedded API server",
                EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(embedded.dataDir())));
        problemOfStorage = api::problem;
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
        KubernetesClient client = client(connection, new LoopbackTransport(api.loopback()));
        LeaseSettings lease = lease(config, EMBEDDED).asOnlyProcessOfOwner();
        yield onLog(config, new KvServerLog.Clients(client, client), lease, metrics);
      }
      case ServerConfig.Cluster cluster -> {
        KubernetesClient client =
            client(KvServerCluster.connection(cluster), new Vertx5HttpClientFactory(loop.vertx()));
        AccessCheck.require(client, cluster.namespace());
        EventLoop apart = opened("event loop of the lease", new EventLoop());
        KubernetesClient leases =
            client(KvServerCluster.connection(cluster), new Vertx5HttpClientFactory(apart.vertx()));
        LeaseSettings lease = lease(config, owner());
        yield onLog(config, new KvServerLog.Clients(client, leases), lease, metrics);
      }
      case ServerConfig.Etcd etcd -> onLog(config, etcd, metrics);
    };
  }

  private KeyValueStore onLog(
      ServerConfig config, KvServerLog.Clients clients, LeaseSettings lease, Metrics metrics) {
    KvServerLog log = KvServerLog.open(config, clients, lease, metrics, this::opened);
    onLog = Optional.of(log.replica(problemOfStorage));
    return log.store();
  }

  private KeyValueStore onLog(ServerConfig config, ServerConfig.Etcd etcd, Metrics metrics) {
    KvServerEtcdLog log = opened("log on etcd", KvServerEtcdLog.open(config, etcd, owner()));
    log.show(metrics);
    onLog = Optional.of(log.replica());
    return log.store();
  }

  private KubernetesClient client(Config connection, HttpClient.Factory transport) {
    return opened(
        "Kubernetes client",
        new KubernetesClientBuilder()
            .withConfig(connection)
            .withHttpClientFactory(transport)
            .build());
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
