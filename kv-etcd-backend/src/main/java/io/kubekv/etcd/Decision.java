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
   * @param life present when the write needs a lease of this length
   * @param operations made for a write id and a lease, which is 0 without {@code life}
   * @param outcome made of what the write came to
   */
  record Write<T>(Optional<Duration> life, Made operations, Function<PendingWrite.Seen, T> outcome)
      implements Decision<T> {}

  /** To be written first; then it is decided again. Only on a state that is not a guess. */
  record First<T>(Made operations) implements Decision<T> {}

  /** The operations of one transaction. */
  interface Made {
    List<RequestOp> of(WriteId id, long lease);
  }
}
