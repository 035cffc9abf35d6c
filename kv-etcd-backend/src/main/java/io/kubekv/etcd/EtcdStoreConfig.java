package io.kubekv.etcd;

import io.kubekv.Limits;
import java.time.Duration;

/**
 * How a store on etcd behaves.
 *
 * @param prefix what all keys of the store begin with in etcd; another prefix is another store
 * @param limits what the store accepts; {@link #MAX_DEPTH} bounds the depth
 * @param historyBytes how much memory the latest events may hold on to; older ones are read from
 *     etcd when a watch wants them
 * @param patience how long a call may take, waiting for etcd included
 * @param requestTimeout how long one request to etcd may take
 */
public record EtcdStoreConfig(
    String prefix, Limits limits, long historyBytes, Duration patience, Duration requestTimeout) {
  /**
   * The most path elements that a key may have: etcd takes 128 comparisons in a transaction, and a
   * change in a tree compares every directory above it.
   */
  public static final int MAX_DEPTH = 100;

  public EtcdStoreConfig {
    require(!prefix.isEmpty(), "prefix", "'" + prefix + "'");
    require(historyBytes > 0, "historyBytes", historyBytes);
    require(isPositive(patience), "patience", patience);
    require(isPositive(requestTimeout), "requestTimeout", requestTimeout);
    limits =
        new Limits(
            limits.maxKeyBytes(),
            limits.maxValueBytes(),
            Math.min(limits.maxDepth(), MAX_DEPTH),
            limits.maxEntries());
  }

  /** What suits most: 16 MiB of history, ten seconds of patience, three for a request. */
  public static EtcdStoreConfig defaults(String prefix) {
    return new EtcdStoreConfig(
        prefix, Limits.DEFAULT, 16L << 20, Duration.ofSeconds(10), Duration.ofSeconds(3));
  }

  public EtcdStoreConfig withLimits(Limits newLimits) {
    return new EtcdStoreConfig(prefix, newLimits, historyBytes, patience, requestTimeout);
  }

  public EtcdStoreConfig withHistoryBytes(long newHistoryBytes) {
    return new EtcdStoreConfig(prefix, limits, newHistoryBytes, patience, requestTimeout);
  }

  /** Other bounds on how long calls and requests may take. */
  public EtcdStoreConfig withPatience(Duration newPatience, Duration newRequestTimeout) {
    return new EtcdStoreConfig(prefix, limits, historyBytes, newPatience, newRequestTimeout);
  }

  /** Another bound on calls; a request to etcd gets a third of it, so that another may follow. */
  public EtcdStoreConfig withPatience(Duration newPatience) {
    return withPatience(newPatience, newPatience.dividedBy(3));
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static void require(boolean holds, String field, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(field + " must not be empty, 0 or less, but is " + value);
    }
  }
}
