package io.kubekv.etcd;

import java.time.Duration;
import java.util.Optional;

/**
 * Carries changes out. A change is decided on the index, as a guess that is mostly right, and sent
 * as one transaction that compares all it was decided on; if something differs, the same
 * transaction answers with what is there, and that decides the next round. A refusal is only given
 * from what etcd has just answered. Thread-safe.
 *
 * <p>A change has happened when its own event has come by the watch: that says what it came to,
 * also when the answer was lost, and what was acknowledged is in the index.
 */
final class Writes {
  private final Index index;
  private final EtcdKeys keys;
  private final Transactions transactions;
  private final Leases leases;
  private final Health health;
  private final String process;

  Writes(
      Index index,
      EtcdKeys keys,
      Transactions transactions,
      Leases leases,
      Health health,
      String process) {
    this.index = index;
    this.keys = keys;
    this.transactions = transactions;
    this.leases = leases;
    this.health = health;
    this.process = process;
  }

  /** Whether this process has made a write. */
  boolean isOurs(WriteId id) {
    return id.process().equals(process);
  }

  /** Carries a change out within the deadline. */
  <T> T run(Change<T> change, Deadline deadline) {
    health.awaitReady(deadline);
    try (ChangeRun<T> run =
        new ChangeRun<>(
            change, index, keys, transactions, () -> new LeaseOnce(deadline), deadline)) {
      return run.toItsEnd();
    }
  }

  /** The lease of one change: got when it is needed, and given back when it was not used. */
  final class LeaseOnce {
    private final Deadline deadline;
    private Optional<Leases.Lease> lease = Optional.empty();

    LeaseOnce(Deadline deadline) {
      this.deadline = deadline;
    }

    long of(Duration life) {
      if (lease.isEmpty()) {
        lease = Optional.of(health.asking(deadline, within -> leases.grant(life, within)));
      }
      return lease.get().lease();
    }

    /** It was used, and what it counts for is acknowledged next. */
    void acknowledge() {
      lease.ifPresent(used -> leases.prolong(used, deadline));
      lease = Optional.empty();
    }

    void giveBack() {
      lease.ifPresent(unused -> leases.release(unused.lease()));
    }
  }
}
