package io.kubekv.cost;

import java.time.Duration;

/**
 * What a store is asked to bear.
 *
 * @param changes what clients change, each second
 * @param contents what the store holds
 * @param service how it is served
 */
public record Workload(Changes changes, Contents contents, Service service) {

  /**
   * Rates, each second, as clients see them.
   *
   * @param puts of keys that exist
   * @param creates of keys that do not exist
   * @param parents directories that each created key lacks; only the etcd v2 API makes any
   * @param deletes expiries included
   */
  public record Changes(double puts, double creates, int parents, double deletes) {
    public Changes {
      require(puts >= 0 && Double.isFinite(puts), "rate", puts);
      require(creates >= 0 && Double.isFinite(creates), "creates", creates);
      require(parents >= 0, "parents", parents);
      require(deletes >= 0 && Double.isFinite(deletes), "deletes", deletes);
    }

    /** Nothing but replacements of values. */
    public static Changes puts(double rate) {
      return new Changes(rate, 0, 0, 0);
    }

    /** Directories that are made each second. */
    double directories() {
      return creates * parents;
    }

    /** The objects that are made each second. */
    double made() {
      return creates + directories();
    }
  }

  /**
   * What is there all the time.
   *
   * @param keys directories included
   * @param keyBytes the length of a key, its path elements joined by {@code /}
   * @param valueBytes the length of a value
   * @param binary whether values are no text, and therefore base64 in their objects
   * @param namespaceBytes the length of the namespace's name
   */
  public record Contents(
      long keys, long keyBytes, long valueBytes, boolean binary, int namespaceBytes) {
    public Contents {
      require(keys >= 0, "keys", keys);
      require(keyBytes > 0, "key", keyBytes);
      require(valueBytes >= 0, "value", valueBytes);
      require(namespaceBytes > 0, "namespace", namespaceBytes);
    }
  }

  /**
   * Who serves it, and how the cluster is set.
   *
   * @param watchers waiting clients in all, spread evenly over the replicas
   * @param leaseDuration the lease is renewed every third of it
   * @param historyBytes what each replica keeps of past events, at most
   * @param compaction how often kube-apiserver compacts etcd
   * @param answer how long the API server takes for a PUT
   */
  public record Service(
      int replicas,
      long watchers,
      Duration leaseDuration,
      long historyBytes,
      Duration compaction,
      Duration answer) {
    public Service {
      require(replicas > 0, "replicas", replicas);
      require(watchers >= 0, "watchers", watchers);
      require(leaseDuration.toMillis() > 0, "lease-duration", leaseDuration);
      require(historyBytes > 0, "history-bytes", historyBytes);
      require(compaction.toMillis() > 0, "compaction", compaction);
      require(answer.toMillis() > 0, "answer", answer);
    }

    /** One replica with kubekv's and kube-apiserver's defaults. */
    public static Service defaults(long watchers) {
      return new Service(
          1,
          watchers,
          Duration.ofSeconds(6),
          64L << 20,
          Duration.ofMinutes(5),
          Duration.ofMillis(4));
    }

    double leaseRenewals() {
      return 3000.0 / leaseDuration.toMillis();
    }
  }

  private static void require(boolean holds, String field, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is out of range: " + value);
    }
  }
}
