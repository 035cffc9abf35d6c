package io.kubekv.etcdv3.lease;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long leases still live, as far as this replica has heard of their renewals. The store itself
 * does not say; a lease of which nothing was heard here counts as just renewed, which is also what
 * etcd makes of all when another member leads.
 */
public final class LeaseTimes {
  private static final int FIRST_SWEEP = 1_000;

  private final LongSupplier nanoTime;
  private final Map<Long, Long> ends = new ConcurrentHashMap<>();
  private volatile int sweepAt = FIRST_SWEEP;

  public LeaseTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** It lives as long from now on. */
  void renewed(long lease, Duration timeToLive) {
    long now = nanoTime.getAsLong();
    ends.put(lease, now + timeToLive.toNanos());
    if (ends.size() >= sweepAt) {
      ends.values().removeIf(end -> end - now < 0);
      sweepAt = Math.max(FIRST_SWEEP, 2 * ends.size());
    }
  }

  void ended(long lease) {
    ends.remove(lease);
  }

  /** How many whole seconds are left of a lease that lives. */
  long secondsLeft(long lease, Duration timeToLive) {
    Long end = ends.get(lease);
    long left = end == null ? timeToLive.toNanos() : end - nanoTime.getAsLong();
    return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(left));
  }
}
