package io.kubekv.server;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.engine.ByteRate;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.api.DefinitionInstall;
import io.kubekv.k8s.form.KeyValueDefinition;
import io.kubekv.k8s.lease.KubernetesLease;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.k8s.log.KubernetesLog;
import io.kubekv.k8s.log.KubernetesLogSettings;
import io.kubekv.k8s.log.LogKinds;
import io.kubekv.k8s.log.RingFigures;
import io.kubekv.k8s.view.DockerDefinitions;
import io.kubekv.k8s.view.LogFigures;
import io.kubekv.k8s.view.StoreDefinition;
import io.kubekv.k8s.view.View;
import io.kubekv.k8s.view.ViewSettings;
import io.kubekv.replica.HolderWords;
import io.kubekv.replica.LocalReplica;
import io.kubekv.replica.LogReplica;
import io.kubekv.transport.ops.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a store whose log is in a Kubernetes API, and its view there. */
record KvServerLog(EngineStore store, KubernetesLease lease, HolderWords words) {
  private static final Logger log = LoggerFactory.getLogger(KvServerLog.class);
  private static final Duration LOOK = Duration.ofMillis(5);

  /**
   * The way to the API.
   *
   * @param leases what renews the lease, which nothing else should hold up
   */
  record Clients(KubernetesClient client, KubernetesClient leases) {}

  /**
   * Opens all of it. Blocks until the store is ready, at most for the configured patience; after
   * that it goes on trying by itself, and its status says what it waits for. One of several
   * replicas does not wait when another has the lease.
   */
  static KvServerLog open(
      ServerConfig config, Clients clients, LeaseSettings settings, Metrics metrics, Parts parts) {
    long deadline = System.nanoTime() + config.requestTimeout().toNanos();
    String namespace = config.backend().namespace();
    DefinitionInstall.install(clients.client(), definitions(), config.requestTimeout());
    KvServerCalls calls = new KvServerCalls(metrics.registry());
    KubernetesLog ring =
        parts.opened(
            "log",
            KubernetesLog.in(clients.client(), KubernetesLogSettings.defaults(namespace), calls));
    KubernetesLease lease =
        KubernetesLease.in(
            clients.leases(), namespace, settings, config.replicaAddress(), ring::isNew, calls);
    parts.opened("lease", () -> release(lease, settings.duration()));
    HolderWords words = new HolderWords();
    EngineStore store =
        parts.opened("store", EngineStore.open(ring, lease, words, settings(config)));
    View view =
        parts.opened(
            "view",
            View.open(
                clients.client(),
                namespace,
                store,
                ViewSettings.DEFAULT,
                () -> holding(store, settings.owner()),
                () -> figures(ring.figures()),
                calls));
    KvServerLogMetrics.show(store, ring, lease, view, metrics);
    awaitReady(store, lease, settings, deadline);
    return new KvServerLog(store, lease, words);
  }

  /**
   * This process as one of the store's replicas.
   *
   * @param trouble why not every change can be stored; empty when it can
   */
  LocalReplica replica(Supplier<String> trouble) {
    return new LogReplica(store, lease, words, trouble);
  }

  private static List<CustomResourceDefinition> definitions() {
    List<CustomResourceDefinition> all = new ArrayList<>(LogKinds.definitions());
    all.add(KeyValueDefinition.definition());
    all.add(StoreDefinition.definition());
    all.addAll(DockerDefinitions.definitions());
    return all;
  }

  /**
   * Who calls where the lease is not held is forwarded, and waits above this. The disk of a log
   * inside this process is nobody else's: nothing is spared there.
   */
  private static EngineSettings settings(ServerConfig config) {
    EngineSettings settings =
        EngineSettings.DEFAULT
            .withLimits(config.limits())
            .withHistoryBytes(config.historyBytes())
            .withPatience(config.requestTimeout())
            .withHolding(Duration.ZERO);
    return config.backend() instanceof ServerConfig.Embedded
        ? settings.withLogRate(ByteRate.UNLIMITED)
        : settings;
  }

  private static Optional<View.Holding> holding(EngineStore store, String holder) {
    OptionalLong epoch = store.replica().epoch();
    return epoch.isPresent()
        ? Optional.of(new View.Holding(holder, epoch.getAsLong()))
        : Optional.empty();
  }

  private static LogFigures figures(RingFigures now) {
    return new LogFigures(now.bytes() + now.segmentBytes(), now.use(), now.snapshot());
  }

  private static void awaitReady(
      EngineStore store, KubernetesLease lease, LeaseSettings settings, long deadline) {
    while (!store.status().ready() && !isFollower(store, lease, settings)) {
      if (deadline - System.nanoTime() <= 0) {
        log.warn("not ready yet, still trying: {}", store.status().reason());
        return;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Whether calls can be forwarded to another. */
  private static boolean isFollower(
      EngineStore store, KubernetesLease lease, LeaseSettings settings) {
    return store.replica().isFilled()
        && lease
            .seen()
            .filter(seen -> !seen.ours() && !settings.isVoid(seen.holder().identity()))
            .filter(seen -> !seen.holder().address().isEmpty())
            .isPresent();
  }

  /** The others are told before the client closes; else they wait the lease out. */
  private static void release(KubernetesLease lease, Duration patience)
      throws InterruptedException {
    lease.close();
    if (!lease.awaitRelease(patience)) {
      log.warn("the lease could not be given back in time: the other replicas wait it out");
    }
  }
}
