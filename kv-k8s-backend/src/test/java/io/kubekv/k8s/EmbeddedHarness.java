package io.kubekv.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.embedded.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A store on an embedded API server of its own; faults happen in the server. */
public class EmbeddedHarness implements StoreHarness {
  private static final Duration LATE = Duration.ofSeconds(3);

  /** How long a call may take: what is asked of an API out of reach takes as long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final StoreSpec spec;
  private final EmbeddedApiServer server;
  private final KubernetesClient client;
  private KubernetesStore store;

  /** Makes the client of a server, which must not repeat requests. */
  @FunctionalInterface
  public interface Clients {
    KubernetesClient of(EmbeddedApiServer server) throws IOException;
  }

  /** Over real HTTP. */
  EmbeddedHarness(StoreSpec spec) {
    this(spec, server -> {});
  }

  /**
   * Over real HTTP.
   *
   * @param prepare what to do to the server before the store is opened
   */
  EmbeddedHarness(StoreSpec spec, Consumer<EmbeddedApiServer> prepare) {
    this(spec, prepare, EmbeddedHarness::client);
  }

  /** With a client of the caller's making. */
  public static EmbeddedHarness with(StoreSpec spec, Clients clients) {
    return new EmbeddedHarness(spec, server -> {}, clients);
  }

  private EmbeddedHarness(StoreSpec spec, Consumer<EmbeddedApiServer> prepare, Clients clients) {
    this.spec = spec;
    try {
      server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
      prepare.accept(server);
      client = clients.of(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = KubernetesStore.open(client, config());
  }

  static KubernetesClient client(EmbeddedApiServer server) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(server.kubeconfig()));
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  EmbeddedApiServer server() {
    return server;
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
    server.faults().inject(1, RecurringFault::isChange, new Faults.Fault.DropAnswer());
  }

  @Override
  public void loseNextRequest() {
    server.faults().inject(1, RecurringFault::isChange, new Faults.Fault.DropRequest());
  }

  @Override
  public void makeUnavailable() {
    Predicate<Faults.Call> all = call -> true;
    server.faults().inject(all, new Faults.Fault.DropRequest());
    server.faults().closeWatches();
  }

  @Override
  public void heal() {
    server.faults().clear();
  }

  @Override
  public void dropConnections() {
    server.faults().closeWatches();
  }

  @Override
  public void restart() {
    store.close();
    store = KubernetesStore.open(client, config());
  }

  @Override
  public void close() {
    store.close();
    client.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private KubernetesStoreConfig config() {
    return KubernetesStoreConfig.defaults("default", LeaseSettings.defaults("test"))
        .withLimits(spec.limits())
        .withHistoryBytes(spec.historyBytes())
        .withPatience(PATIENCE, PATIENCE)
        .withWritesAtOnce();
  }
}
