package io.kubekv.etcd;

import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.PutOutcome;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transaction that checks and reads one key and at last changes it: the change as it would be by
 * itself, decided on the same facts as the checks, so that etcd compares both.
 */
final class OneKeyTransaction implements Change<TransactionOutcome> {
  private final TransactionRequest request;
  private final Limits limits;
  private final Index index;
  private final EtcdKeys keys;

  /**
   * A transaction that {@link TransactionRules#requireOneKey} lets through and that changes
   * something.
   */
  OneKeyTransaction(TransactionRequest request, Limits limits, Index index, EtcdKeys keys) {
    this.request = request;
    this.limits = limits;
    this.index = index;
    this.keys = keys;
  }

  @Override
  public Decision<TransactionOutcome> decide(Facts facts) {
    TransactionOutcome read =
        new TransactionRules(facts::entry, list -> list(list, facts), facts::isAlive)
            .read(request.readings(), facts.revision());
    return switch ((TransactionOperation.Changing) request.operations().getLast()) {
      case TransactionOperation.Put put -> {
        PutChange change = new PutChange(put.request(), limits, index, keys);
        yield joined(read, facts, change.decide(facts), OneKeyTransaction::of);
      }
      case TransactionOperation.Delete delete -> {
        DeleteChange change = new DeleteChange(delete.request(), keys);
        yield joined(read, facts, change.decide(facts), OneKeyTransaction::of);
      }
      case TransactionOperation.DeleteRange delete -> {
        Key key = delete.range().self().orElseThrow();
        DeleteChange change = new DeleteChange(DeleteRequest.of(key), keys);
        Function<DeleteOutcome, Object> made = outcome -> emptied(outcome, facts.revision());
        yield joined(read, facts, change.decide(facts), made);
      }
    };
  }

  /** What is read and what is changed, as one decision. */
  private <T> Decision<TransactionOutcome> joined(
      TransactionOutcome read, Facts facts, Decision<T> change, Function<T, Object> result) {
    return switch (change) {
      case Decision.Answer<T> answer ->
          new Decision.Answer<>(with(read, result.apply(answer.outcome()), facts.revision()));
      case Decision.Write<T> write ->
          read instanceof TransactionOutcome.Committed
              ? new Decision.Write<>(
                  write.life(),
                  write.operations(),
                  seen -> with(read, result.apply(write.outcome().apply(seen)), seen.revision()))
              : new Decision.Answer<>(read);
      case Decision.First<T> first ->
          throw new IllegalStateException("a flat change has nothing to come first");
    };
  }

  /** The outcome when the last operation came to this: a result, or a refusal. */
  private TransactionOutcome with(TransactionOutcome read, Object last, Revision at) {
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    List<TransactionResult> results = new ArrayList<>();
    switch (read) {
      case TransactionOutcome.Committed committed -> results.addAll(committed.results());
      case TransactionOutcome.RolledBack rolledBack -> failures.addAll(rolledBack.failures());
    }
    if (last instanceof Refused refused) {
      failures.add(new TransactionOutcome.Failure(request.operations().size() - 1, refused));
    } else if (last instanceof TransactionResult result) {
      results.add(result);
    }
    return failures.isEmpty()
        ? new TransactionOutcome.Committed(at, results)
        : new TransactionOutcome.RolledBack(failures, at);
  }

  private static Object of(PutOutcome outcome) {
    return outcome;
  }

  private static Object of(DeleteOutcome outcome) {
    return outcome;
  }

  /** A range delete of one key does not mind when there is nothing. */
  private static RangeDeleted emptied(DeleteOutcome outcome, Revision at) {
    return switch (outcome) {
      case DeleteOutcome.Deleted deleted ->
          new RangeDeleted(1, Optional.of(deleted.previous()), deleted.revision());
      case Refused missing -> new RangeDeleted(0, Optional.empty(), at);
    };
  }

  private static Listing list(ListRequest list, Facts facts) {
    Optional<Entry> entry = list.range().self().flatMap(facts::entry);
    return Listings.cut(list, entry.stream().toList(), facts.revision());
  }
}
