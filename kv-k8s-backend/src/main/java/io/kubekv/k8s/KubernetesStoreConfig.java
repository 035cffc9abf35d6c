package io.kubekv.k8s;

import io.kubekv.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How a store on Kubernetes behaves.
 *
 * @param namespace the namespace that is the store; it must exist
 * @param lease how replicas agree on which is active
 * @param limits what the store accepts
 * @param historyBytes how much memory the events that watches can start from may hold on to
 * @param patience how long a call may take, waiting for the lease or the API included
 * @param requestTimeout how long one request to the API may take
 * @param concurrentWrites how many writes may be under way at the API
 * @param markedRetention how long an object that marks a key as deleted stays; longer than a
 *     request can live in the API server
 * @param auditInterval how often the index is compared with the API's own state
 * @param probeInterval after how long a silence the watch is tested by a write of our own; a holder
 *     that does not see it within as long again, or within the patience of a call, releases the
 *     lease. Longer than an API server's bookmarks are apart, so that an idle store writes nothing
 * @param installDefinition whether to create or update the CustomResourceDefinition at start, where
 *     allowed
 * @param replicaAddress present when calls are forwarded between replicas: then one that cannot be
 *     answered here, because another process holds the lease, is refused at once. Where the others
 *     reach this one, to be written into the Lease; empty when they cannot
 * @param writesAtOnce whether a write may begin on an event loop now: only with a client that never
 *     holds up who sends a request. Asked for each write, on that loop
 */
public record KubernetesStoreConfig(
    String namespace,
    LeaseSettings lease,
    Limits limits,
    long historyBytes,
    Duration patience,
    Duration requestTimeout,
    int concurrentWrites,
    Duration markedRetention,
    Duration auditInterval,
    Duration probeInterval,
    boolean installDefinition,
    Optional<String> replicaAddress,
    BooleanSupplier writesAtOnce) {
  public KubernetesStoreConfig {
    require(historyBytes > 0, "historyBytes", historyBytes);
    require(isPositive(patience), "patience", patience);
    require(isPositive(requestTimeout), "requestTimeout", requestTimeout);
    require(concurrentWrites > 0, "concurrentWrites", concurrentWrites);
    require(isPositive(markedRetention), "markedRetention", markedRetention);
    require(isPositive(auditInterval), "auditInterval", auditInterval);
    require(isPositive(probeInterval), "probeInterval", probeInterval);
  }

  /** What suits most: 64 MiB of history, ten seconds of patience, 64 writes at a time. */
  public static KubernetesStoreConfig defaults(String namespace, LeaseSettings lease) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        Limits.DEFAULT,
        64L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        64,
        Duration.ofSeconds(90),
        Duration.ofMinutes(5),
        Duration.ofSeconds(90),
        true,
        Optional.empty(),
        () -> false);
  }

  public KubernetesStoreConfig withLimits(Limits newLimits) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        newLimits,
        historyBytes,
        patience,
        requestTimeout,
        concurrentWrites,
        markedRetention,
        auditInterval,
        probeInterval,
        installDefinition,
        replicaAddress,
        writesAtOnce);
  }

  public KubernetesStoreConfig withHistoryBytes(long newHistoryBytes) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        limits,
        newHistoryBytes,
        patience,
        requestTimeout,
        concurrentWrites,
        markedRetention,
        auditInterval,
        probeInterval,
        installDefinition,
        replicaAddress,
        writesAtOnce);
  }

  /** Other bounds on how long calls and requests may take. */
  public KubernetesStoreConfig withPatience(Duration newPatience, Duration newRequestTimeout) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        limits,
        historyBytes,
        newPatience,
        newRequestTimeout,
        concurrentWrites,
        markedRetention,
        auditInterval,
        probeInterval,
        installDefinition,
        replicaAddress,
        writesAtOnce);
  }

  /** Other times for the work in the background. */
  public KubernetesStoreConfig withUpkeep(
      Duration newMarkedRetention, Duration newAuditInterval, Duration newProbeInterval) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        limits,
        historyBytes,
        patience,
        requestTimeout,
        concurrentWrites,
        newMarkedRetention,
        newAuditInterval,
        newProbeInterval,
        installDefinition,
        replicaAddress,
        writesAtOnce);
  }

  /** One of several replicas, which the others reach at {@code address}, if it is not empty. */
  public KubernetesStoreConfig asReplica(String address) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        limits,
        historyBytes,
        patience,
        requestTimeout,
        concurrentWrites,
        markedRetention,
        auditInterval,
        probeInterval,
        installDefinition,
        Optional.of(address),
        writesAtOnce);
  }

  /** For a client that sends without ever holding up the thread that gives it a request. */
  public KubernetesStoreConfig withWritesAtOnce() {
    return withWritesAtOnce(() -> true);
  }

  /** Likewise, while it pays: a thread that sends may be the faster one at times. */
  public KubernetesStoreConfig withWritesAtOnce(BooleanSupplier whilePays) {
    return new KubernetesStoreConfig(
        namespace,
        lease,
        limits,
        historyBytes,
        patience,
        requestTimeout,
        concurrentWrites,
        markedRetention,
        auditInterval,
        probeInterval,
        installDefinition,
        replicaAddress,
        whilePays);
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static void require(boolean holds, String field, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(field + " must be above 0, not " + value);
    }
  }
}
