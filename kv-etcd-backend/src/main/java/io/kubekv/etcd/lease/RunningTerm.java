package io.kubekv.etcd.lease;

import io.kubekv.engine.log.Lease;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A term up to the lease's time, less an eighth, from when the last request was sent that etcd has
 * answered by keeping the lease alive. Thread-safe.
 */
final class RunningTerm implements Lease.Term {
  private static final int MARGIN = 8;

  private final long nanos;
  private final LongSupplier ticker;
  private volatile long sent;
  private volatile boolean over;

  /**
   * @param sent when the lease was asked for, by the ticker
   */
  RunningTerm(long sent, Duration life, LongSupplier ticker) {
    this.sent = sent;
    this.nanos = life.minus(life.dividedBy(MARGIN)).toNanos();
    this.ticker = ticker;
  }

  /** A term that was seen to be over stays that. */
  @Override
  public boolean isValid() {
    if (!over && ticker.getAsLong() - sent >= nanos) {
      over = true;
    }
    return !over;
  }

  /** The lease was kept alive by a request that was sent then. */
  void prolong(long newSent) {
    if (newSent - sent > 0) {
      sent = newSent;
    }
  }

  void end() {
    over = true;
  }
}
