package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A store in a new namespace of a real API server, which the environment variable {@code
 * KUBEKV_TEST_KUBECONFIG} names. Faults happen between the store and its HTTP client.
 */
final class ClusterHarness implements StoreHarness {
  private static final Duration LATE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration DEFINITION = Duration.ofMinutes(1);

  private final StoreSpec spec;
  private final KubernetesClient client;
  private final String namespace = "contract-" + UUID.randomUUID();
  private final SeveredApi api;
  private KubernetesStore store;

  /** The cluster to test on, if there is one. */
  static Optional<Path> kubeconfig() {
    return Optional.ofNullable(System.getenv("KUBEKV_TEST_KUBECONFIG")).map(Path::of);
  }

  ClusterHarness(StoreSpec spec, Path kubeconfig) {
    this.spec = spec;
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    DefinitionInstall.run(client, Deadline.in(DEFINITION));
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    KubernetesStoreConfig settings = config();
    api =
        new SeveredApi(
            new HttpKubernetesApi(client, namespace, settings.requestTimeout()),
            new KubernetesLeaseApi(client, namespace, settings.lease()));
    store = open();
  }

  private KubernetesStore open() {
    return KubernetesStore.open(api, api, Clocks.system(), config());
  }

  private KubernetesStoreConfig config() {
    return KubernetesStoreConfig.defaults(namespace, LeaseSettings.defaults("test"))
        .withLimits(spec.limits())
        .withHistoryBytes(spec.historyBytes())
        .withPatience(PATIENCE, PATIENCE);
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
    api.closeWatches();
  }

  @Override
  public void restart() {
    store.close();
    store = open();
  }

  @Override
  public void close() {
    store.close();
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
