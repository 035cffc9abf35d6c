package io.kubekv.benchmarks.jmh;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.e2e.ClusterStore;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.engine.ByteRate;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.api.GrpcEtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.lease.EtcdLease;
import io.kubekv.etcd.log.EtcdLog;
import io.kubekv.k8s.lease.KubernetesLease;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.k8s.log.KubernetesLog;
import io.kubekv.k8s.log.KubernetesLogSettings;
import io.kubekv.k8s.log.LogKinds;
import io.kubekv.loopback.LoopbackTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Opens the store of a name, in this process, as {@code kubekv serve} would. */
final class Backends implements AutoCloseable {
  /** The address of an etcd v3 that the caller started. */
  static final String ETCD = "E2E_ETCD";

  private static final long ETCD_ROOM = 10_000;
  private static final Duration ETCD_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ETCD_LEASE = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** The names of the stores that can be opened here: those whose servers have been started. */
  static List<String> available() {
    List<String> names = new ArrayList<>(List.of("memory", "embedded"));
    if (ClusterStore.isWanted()) {
      names.add("kube");
    }
    if (System.getenv(ETCD) != null) {
      names.add("etcd");
    }
    return names;
  }

  /** Opens one; blocks until it can be asked. */
  KeyValueStore open(String name) throws IOException {
    return switch (name) {
      case "memory" -> opened(EngineStore.inMemory());
      case "embedded" -> embedded();
      case "kube" -> kube();
      case "etcd" -> etcd(EtcdAccess.plain(List.of(System.getenv(ETCD))));
      default -> throw new IllegalArgumentException("no store is called " + name);
    };
  }

  private KeyValueStore etcd(EtcdAccess access) {
    LogKeys keys = new LogKeys("/kubekv/jmh/");
    EngineStore store =
        opened(
            EngineStore.open(
                new EtcdLog(GrpcEtcdClient.connect(access, ETCD_TIMEOUT), keys, ETCD_ROOM),
                new EtcdLease(
                    GrpcEtcdClient.connect(access, ETCD_TIMEOUT),
                    keys.lease(),
                    Holder.withNewSecret("benchmark", ""),
                    ETCD_LEASE),
                EngineSettings.DEFAULT));
    Await.read(store.revision(Freshness.LINEARIZABLE));
    return store;
  }

  private KeyValueStore embedded() throws IOException {
    Path data = Files.createTempDirectory("kubekv-benchmark");
    open.push(() -> remove(data));
    EmbeddedApiServer api =
        opened(EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(data.resolve("data"))));
    Config connection =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(api.uri().toString())
            .withOauthToken(api.token())
            .withRequestRetryBackoffLimit(0)
            .build();
    KubernetesClientBuilder client =
        new KubernetesClientBuilder()
            .withConfig(connection)
            .withHttpClientFactory(new LoopbackTransport(api.loopback()));
    return kubernetes(client, "default", EngineSettings.DEFAULT.withLogRate(ByteRate.UNLIMITED));
  }

  private KeyValueStore kube() throws IOException {
    ClusterStore store = ClusterStore.create();
    Config connection = Config.fromKubeconfig(store.kubeconfig().toFile());
    connection.setRequestRetryBackoffLimit(0);
    return kubernetes(
        new KubernetesClientBuilder().withConfig(connection),
        store.namespace(),
        EngineSettings.DEFAULT);
  }

  /** The log alone: a store without the objects that show it. */
  private KeyValueStore kubernetes(
      KubernetesClientBuilder clients, String namespace, EngineSettings settings) {
    KubernetesClient client = opened(clients.build());
    LogKinds.install(client, PATIENCE);
    KubernetesLog log = KubernetesLog.in(client, KubernetesLogSettings.defaults(namespace));
    KubernetesLease lease =
        KubernetesLease.in(client, namespace, LeaseSettings.defaults("benchmark"), log::isNew);
    open.push(() -> lease.awaitRelease(PATIENCE));
    EngineStore store = opened(EngineStore.open(log, lease, settings));
    Await.read(store.revision(Freshness.LINEARIZABLE));
    return store;
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
