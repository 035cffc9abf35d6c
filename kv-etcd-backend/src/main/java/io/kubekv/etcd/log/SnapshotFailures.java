package io.kubekv.etcd.log;

import io.kubekv.etcd.api.LogKeys;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an operator that snapshots are not written, and why; once a minute at most. */
final class SnapshotFailures {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFailures.class);
  private static final long PAUSE = Duration.ofMinutes(1).toNanos();

  private final LogKeys keys;
  private final LongSupplier ticker;
  private boolean said;
  private long saidAt;

  /**
   * @param ticker nanoseconds of a clock that never goes back
   */
  SnapshotFailures(LogKeys keys, LongSupplier ticker) {
    this.keys = keys;
    this.ticker = ticker;
  }

  synchronized void tell(long position, Exception failure) {
    long now = ticker.getAsLong();
    if (said && now - saidAt < PAUSE) {
      return;
    }
    said = true;
    saidAt = now;
    LOG.warn(
        "the snapshot at position {} was not written to the key {} in etcd: {}. It is tried again"
            + " later; until one is written the log keeps its entries, and refuses changes when it"
            + " is full. If this is said again and again, see whether etcd answers and has room,"
            + " and who else writes below its prefix",
        position,
        keys.manifest().toStringUtf8(),
        failure.getMessage());
  }
}
