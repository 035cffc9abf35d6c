package io.kubekv.etcd;

import io.etcd.jetcd.api.RequestOp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a change comes to on one state.
 *
 * @param <T> the outcome
 */
sealed interface Decision<T> {
  /** Nothing is to be written; true only of a state that is not a guess. */
  record Answer<T>(T outcome) implements Decision<T> {}

  /**
   * To be written, if the facts still hold.
   *
   * @param lives the write needs a lease of each of these lengths
   * @param operations made for a write id and those leases
   * @param outcome made of what the write came to
   */
  record Write<T>(List<Duration> lives, Made operations, Function<PendingWrite.Seen, T> outcome)
      implements Decision<T> {
    /**
     * A write with one lease at most.
     *
     * @param operations made for a write id and the lease, which is 0 without {@code life}
     */
    static <T> Write<T> of(
        Optional<Duration> life, MadeWithOne operations, Function<PendingWrite.Seen, T> outcome) {
      return new Write<>(
          life.stream().toList(),
          (id, leases) -> operations.of(id, leases.isEmpty() ? 0 : leases.getFirst()),
          outcome);
    }
  }

  /** To be written first; then it is decided again. Only on a state that is not a guess. */
  record First<T>(Made operations) implements Decision<T> {}

  /** The operations of one transaction. */
  interface Made {
    List<RequestOp> of(WriteId id, List<Long> leases);
  }

  /** The operations of one transaction that needs one lease at most. */
  interface MadeWithOne {
    List<RequestOp> of(WriteId id, long lease);
  }
}
