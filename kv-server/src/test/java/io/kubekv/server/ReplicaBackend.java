package io.kubekv.server;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.KeyValueStore;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.lease.KubernetesLease;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.k8s.log.KubernetesLog;
import io.kubekv.k8s.log.KubernetesLogSettings;
import io.kubekv.k8s.log.LogKinds;
import io.kubekv.replica.HolderWords;
import io.kubekv.replica.LocalReplica;
import io.kubekv.replica.LogReplica;
import java.time.Duration;

/** What a replica under test keeps its store in. */
record ReplicaBackend(KeyValueStore store, LocalReplica local, AutoCloseable release)
    implements AutoCloseable {
  private static final String NAMESPACE = "default";
  private static final Duration PATIENCE = ReplicaUnderTest.PATIENCE;

  /** Each is made when the store is. */
  private static final int SLOTS = 64;

  /** So few that a replica which is started later begins with a snapshot. */
  private static final long SNAPSHOT_BYTES = 500;

  /**
   * Opens it in the namespace {@code default}.
   *
   * @param address where the other replicas reach this one
   */
  static ReplicaBackend open(
      KubernetesClient client, LeaseSettings settings, StoreSpec spec, String address) {
    LogKinds.install(client, PATIENCE);
    KubernetesLog log =
        KubernetesLog.in(
            client,
            KubernetesLogSettings.defaults(NAMESPACE)
                .withSlots(SLOTS)
                .withRequestTimeout(PATIENCE));
    KubernetesLease lease = KubernetesLease.in(client, NAMESPACE, settings, address, log::isNew);
    HolderWords words = new HolderWords();
    EngineStore store =
        EngineStore.open(
            log,
            lease,
            words,
            EngineSettings.DEFAULT
                .withLimits(spec.limits())
                .withHistoryBytes(spec.historyBytes())
                .withPatience(PATIENCE)
                .withHolding(Duration.ZERO)
                .withSnapshotBytes(SNAPSHOT_BYTES));
    return new ReplicaBackend(
        store, new LogReplica(store, lease, words, () -> ""), () -> released(lease));
  }

  private static void released(KubernetesLease lease) throws InterruptedException {
    if (!lease.awaitRelease(PATIENCE)) {
      throw new AssertionError("the lease was not given back");
    }
  }

  /** The lease is given back when this returns. */
  @Override
  public void close() {
    store.close();
    try {
      release.close();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
