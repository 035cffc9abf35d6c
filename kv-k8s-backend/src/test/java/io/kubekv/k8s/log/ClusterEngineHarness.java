package io.kubekv.k8s.log;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.api.HttpObjectApi;
import io.kubekv.k8s.lease.KubernetesLease;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.k8s.lease.SeveredLease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The engine over a log in a new namespace of a real API server, which the environment variable
 * {@code KUBEKV_TEST_KUBECONFIG} names. Faults happen between the log and its HTTP client.
 */
final class ClusterEngineHarness implements StoreHarness {
  private static final Duration LATE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final LeaseSettings LEASE = LeaseSettings.defaults("test");

  private final StoreSpec spec;
  private final KubernetesClient client;
  private final String namespace = "contract-" + UUID.randomUUID();
  private final KubernetesLogSettings settings;
  private final SeveredApi api;
  private KubernetesLease lease;
  private KeyValueStore store;

  /** The cluster to test on, if there is one. */
  static Optional<Path> kubeconfig() {
    return Optional.ofNullable(System.getenv("KUBEKV_TEST_KUBECONFIG")).map(Path::of);
  }

  /**
   * @param slots how many there are
   */
  ClusterEngineHarness(StoreSpec spec, Path kubeconfig, int slots) {
    this.spec = spec;
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    LogKinds.install(client, PATIENCE);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    settings = KubernetesLogSettings.defaults(namespace).withSlots(slots).withSegments(32);
    api = new SeveredApi(new HttpObjectApi(client, namespace, settings.requestTimeout()));
    KubernetesLog log = new KubernetesLog(api, settings);
    lease = lease(log);
    store = EngineStore.open(log, lease, EngineHarness.settings(spec));
    EngineHarness.awaitReady(store);
  }

  private KubernetesLease lease(KubernetesLog log) {
    return SeveredLease.in(client, namespace, LEASE, api::isSevered, log::isNew);
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return ClockDriver.realTime(LATE);
  }

  @Override
  public void loseNextAnswer() {
    api.loseNextAnswer();
  }

  @Override
  public void loseNextRequest() {
    api.loseNextRequest();
  }

  @Override
  public void makeUnavailable() {
    api.sever();
  }

  @Override
  public void heal() {
    api.heal();
  }

  @Override
  public void dropConnections() {
    api.cutWatches();
  }

  @Override
  public void restart() {
    end();
    KubernetesLog log = new KubernetesLog(api, settings);
    lease = lease(log);
    store = EngineStore.open(log, lease, EngineHarness.settings(spec));
  }

  /** The next one would wait the lease out that nobody has given back. */
  private void end() {
    store.close();
    try {
      boolean released = lease.awaitRelease(PATIENCE);
      if (!released) {
        throw new IllegalStateException("the lease was not given back");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    api.heal();
    end();
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
