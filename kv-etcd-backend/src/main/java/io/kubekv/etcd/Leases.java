package io.kubekv.etcd;

import io.kubekv.OutcomeUnknownException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases that count times to live. Thread-safe. */
final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  /** More than this is as good as for ever; etcd takes up to nine thousand million seconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** How much of a lease may pass before what it counts for is acknowledged. */
  private static final Duration SLACK = Duration.ofMillis(500);

  /**
   * A lease, and what it is for.
   *
   * @param lease its number
   * @param wanted how long what it counts for lives
   * @param since when it was asked for, by {@link System#nanoTime}
   */
  record Lease(long lease, Duration wanted, long since) {}

  private final Etcd etcd;

  Leases(Etcd etcd) {
    this.etcd = etcd;
  }

  /** A lease for something that lives so long after it is acknowledged. */
  Lease grant(Duration life, Deadline deadline) throws EtcdFailure {
    Duration wanted = life.compareTo(LONGEST) < 0 ? life : LONGEST;
    long since = System.nanoTime();
    long seconds = wanted.plus(SLACK).plusSeconds(1).minusNanos(1).toSeconds();
    return new Lease(etcd.grant(seconds, deadline).lease(), wanted, since);
  }

  /**
   * To be called before an acknowledgement: starts the lease anew if too much of it has passed.
   *
   * @throws OutcomeUnknownException when it cannot, or what it counts for has ended already
   */
  void prolong(Lease lease, Deadline deadline) {
    long begun = lease.since();
    while (System.nanoTime() - begun > SLACK.toNanos()) {
      begun = System.nanoTime();
      try {
        if (!etcd.keepAlive(lease.lease(), deadline)) {
          throw new OutcomeUnknownException("stored, and its time to live passed before we knew");
        }
      } catch (EtcdFailure failed) {
        throw new OutcomeUnknownException("stored, but perhaps not for its time to live", failed);
      }
    }
  }

  /** Whether the lease lives; from now it counts anew. */
  boolean keepAlive(long lease, Deadline deadline) throws EtcdFailure {
    return etcd.keepAlive(lease, deadline);
  }

  /** Ends a lease that nothing needs, in the background; should that fail, it ends by itself. */
  void release(long lease) {
    Threads.start("release", () -> revoke(lease));
  }

  private void revoke(long lease) {
    try {
      etcd.revoke(lease, Deadline.in(Duration.ofSeconds(3)));
    } catch (EtcdFailure failed) {
      LOG.debug("a lease is left to end by itself: {}", failed.getMessage());
    }
  }
}
