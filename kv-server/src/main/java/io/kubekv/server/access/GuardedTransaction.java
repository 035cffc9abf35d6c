package io.kubekv.server.access;

import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.List;
import java.util.Optional;

/** A transaction of one client: allowed as a whole or not at all. */
record GuardedTransaction(TransactionRequest request, Access access) {
  /**
   * What may have to be asked of whoever decides: each element of a key's path is a question, or
   * two where something is changed.
   */
  private static final int MOST_ELEMENTS = 1024;

  /**
   * Returns when every operation is allowed; fails as {@link Access#require}, and when its keys are
   * over the limits, before anything is asked.
   */
  void require(Limits limits) {
    limits.check(request);
    List<Range> ranges = request.operations().stream().map(GuardedTransaction::range).toList();
    ranges.forEach(limits::check);
    long elements = ranges.stream().distinct().mapToLong(GuardedTransaction::elements).sum();
    if (elements > MOST_ELEMENTS) {
      throw new LimitExceededException(
          "depth of a transaction's keys together", "path elements", elements, MOST_ELEMENTS);
    }
    request.operations().forEach(this::require);
  }

  private static long elements(Range range) {
    return range.self().map(Key::depth).orElse(0)
        + range.below().map(Prefix::text).map(text -> depth(text)).orElse(0L);
  }

  private static long depth(String prefix) {
    return 1 + prefix.chars().filter(letter -> letter == '/').count();
  }

  private void require(TransactionOperation operation) {
    if (operation instanceof TransactionOperation.Changing changing) {
      access.requireChange(verb(changing), range(changing));
      if (changing instanceof TransactionOperation.Delete delete && delete.request().directory()) {
        access.require(Verb.GET, GuardedStore.below(delete.request()));
      }
    } else {
      access.require(Verb.GET, range(operation));
    }
  }

  private static Verb verb(TransactionOperation.Changing operation) {
    return operation instanceof TransactionOperation.Put ? Verb.PUT : Verb.DELETE;
  }

  private static Range range(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Get get -> new Range.Exact(get.key());
      case TransactionOperation.ListRange list -> list.request().range();
      case TransactionOperation.Check check -> new Range.Exact(check.key());
      case TransactionOperation.CheckHolder check -> new Range.Exact(check.key());
      case TransactionOperation.Put put -> new Range.Exact(put.request().key());
      case TransactionOperation.Delete delete -> new Range.Exact(delete.request().key());
      case TransactionOperation.DeleteRange delete -> delete.range();
    };
  }

  /** Has what became of it written down; what the client may be told of it. */
  TransactionOutcome told(TransactionOutcome outcome) {
    Audit.Outcome became =
        outcome instanceof TransactionOutcome.RolledBack
            ? Audit.Outcome.REFUSED
            : Audit.Outcome.DONE;
    for (TransactionOperation operation : request.operations()) {
      if (operation instanceof TransactionOperation.Changing changing) {
        access.done(verb(changing), range(changing), became, Optional.empty());
      }
    }
    return outcome instanceof TransactionOutcome.RolledBack rolledBack
        ? new TransactionOutcome.RolledBack(
            rolledBack.failures().stream().map(this::seen).toList(), rolledBack.revision())
        : outcome;
  }

  private TransactionOutcome.Failure seen(TransactionOutcome.Failure failure) {
    return key(request.operations().get(failure.operation()))
        .map(
            key ->
                new TransactionOutcome.Failure(
                    failure.operation(), Redaction.of(failure.refused(), key, this::isVisible)))
        .orElse(failure);
  }

  private boolean isVisible(Key key) {
    return access.allows(Verb.GET, new Range.Exact(key));
  }

  /** The key that an operation is refused about. */
  private static Optional<Key> key(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Check check -> Optional.of(check.key());
      case TransactionOperation.CheckHolder check -> Optional.of(check.key());
      case TransactionOperation.Put put -> Optional.of(put.request().key());
      case TransactionOperation.Delete delete -> Optional.of(delete.request().key());
      case TransactionOperation.Get get -> Optional.empty();
      case TransactionOperation.ListRange list -> Optional.empty();
      case TransactionOperation.DeleteRange delete -> Optional.empty();
    };
  }
}
