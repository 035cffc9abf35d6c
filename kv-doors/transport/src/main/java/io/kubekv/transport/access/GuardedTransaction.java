package io.kubekv.transport.access;

import io.kubekv.Comparison;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A transaction of one client: allowed as a whole or not at all. */
record GuardedTransaction(TransactionRequest request, Access access) {
  /**
   * What may have to be asked of whoever decides: each element of a key's path is a question, or
   * two where something is changed.
   */
  private static final int MOST_ELEMENTS = 1024;

  /** Fails when its keys are over the limits, before anything is asked. */
  void requireWithin(Limits limits) {
    limits.check(request);
    List<Range> ranges =
        Stream.concat(
                request.comparisons().stream().map(Comparison::range),
                request.all().stream().flatMap(GuardedTransaction::ranges))
            .toList();
    ranges.forEach(limits::check);
    long elements = ranges.stream().distinct().mapToLong(GuardedTransaction::elements).sum();
    if (elements > MOST_ELEMENTS) {
      throw new LimitExceededException(
          "depth of a transaction's keys together", "path elements", elements, MOST_ELEMENTS);
    }
  }

  /** Returns when every operation is allowed; fails as {@link Access#require}. May block. */
  void require() {
    questions().forEach(question -> access.require(question.verb(), question.range()));
  }

  /** Whether every operation is known to be allowed. Never blocks. */
  boolean isKnown() {
    return questions().allMatch(question -> access.isKnown(question.verb(), question.range()));
  }

  /** What {@link Access} is asked. */
  private record Question(Verb verb, Range range) {}

  private Stream<Question> questions() {
    return Stream.concat(
        request.comparisons().stream()
            .map(comparison -> new Question(Verb.GET, comparison.range())),
        request.all().stream().flatMap(GuardedTransaction::questions));
  }

  private static long elements(Range range) {
    return range.self().map(Key::depth).orElse(0)
        + range.below().map(Prefix::text).map(text -> depth(text)).orElse(0L);
  }

  private static long depth(String prefix) {
    return 1 + prefix.chars().filter(letter -> letter == '/').count();
  }

  /** The questions about an operation, in order; a change needs the right to read, too. */
  private static Stream<Question> questions(TransactionOperation operation) {
    Stream<Question> own =
        ranges(operation)
            .flatMap(
                range ->
                    operation instanceof TransactionOperation.Changing changing
                        ? Stream.of(
                            new Question(verb(changing), range), new Question(Verb.GET, range))
                        : Stream.of(new Question(Verb.GET, range)));
    return operation instanceof TransactionOperation.Delete delete
            && delete.request().tellsOfBelow()
        ? Stream.concat(
            own, Stream.of(new Question(Verb.GET, GuardedStore.below(delete.request()))))
        : Stream.concat(own, ofNode(operation));
  }

  /** A check of a node tells whether something is below it, where it has no entry. */
  private static Stream<Question> ofNode(TransactionOperation operation) {
    return operation instanceof TransactionOperation.Check check && check.layout() == Layout.NODES
        ? Stream.of(new Question(Verb.GET, new Range.WithPrefix(check.key().below())))
        : Stream.empty();
  }

  private static Verb verb(TransactionOperation.Changing operation) {
    return switch (operation) {
      case TransactionOperation.Put put -> Verb.PUT;
      case TransactionOperation.SetMetadata set -> Verb.PUT;
      case TransactionOperation.Delete delete -> Verb.DELETE;
      case TransactionOperation.DeleteRange delete -> Verb.DELETE;
    };
  }

  /** What an operation is about, itself; a choice is about nothing but what it compares. */
  private static Stream<Range> ranges(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Get get -> Stream.of(new Range.Exact(get.key()));
      case TransactionOperation.ListRange list -> Stream.of(list.request().range());
      case TransactionOperation.Directory directory ->
          Stream.of(new Range.WithPrefix(directory.directory()));
      case TransactionOperation.Check check -> Stream.of(new Range.Exact(check.key()));
      case TransactionOperation.CheckHolder check -> Stream.of(new Range.Exact(check.key()));
      case TransactionOperation.CheckSession check -> Stream.empty(); // who names it knows it
      case TransactionOperation.Put put -> Stream.of(put.request().range());
      case TransactionOperation.Delete delete -> Stream.of(new Range.Exact(delete.request().key()));
      case TransactionOperation.DeleteRange delete -> Stream.of(delete.range());
      case TransactionOperation.SetMetadata set -> Stream.of(new Range.Exact(set.key()));
      case TransactionOperation.Choice choice -> Stream.empty();
    };
  }

  /** Has it written down that it failed, and may have been done. */
  void failed() {
    request.all().forEach(operation -> became(operation, Audit.Outcome.FAILED));
  }

  /** Has what became of it written down; what the client may be told of it. */
  TransactionOutcome told(TransactionOutcome outcome, Predicate<Key> visible) {
    return switch (outcome) {
      case TransactionOutcome.Committed committed -> {
        done(request.operations(), committed.results());
        yield committed;
      }
      case TransactionOutcome.RolledBack rolledBack -> {
        request.all().forEach(operation -> became(operation, Audit.Outcome.REFUSED));
        yield new TransactionOutcome.RolledBack(
            rolledBack.failures().stream().map(failure -> seen(failure, visible)).toList(),
            rolledBack.revision());
      }
    };
  }

  /** Writes down what was done; of a choice, what was chosen. */
  private void done(List<TransactionOperation> operations, List<TransactionResult> results) {
    for (int i = 0; i < operations.size(); i++) {
      if (results.get(i) instanceof PutOutcome.Stored stored) {
        access.done(Verb.PUT, GuardedStore.made(stored), Audit.Outcome.DONE, Optional.empty());
      } else {
        became(operations.get(i), Audit.Outcome.DONE);
      }
      if (operations.get(i) instanceof TransactionOperation.Choice choice
          && results.get(i) instanceof TransactionResult.Chosen chosen) {
        done(chosen.held() ? choice.then() : choice.otherwise(), chosen.results());
      }
    }
  }

  private void became(TransactionOperation operation, Audit.Outcome outcome) {
    if (operation instanceof TransactionOperation.Changing changing) {
      ranges(changing)
          .forEach(range -> access.done(verb(changing), range, outcome, Optional.empty()));
    }
  }

  private TransactionOutcome.Failure seen(
      TransactionOutcome.Failure failure, Predicate<Key> visible) {
    return key(request.all().get(failure.operation()))
        .map(
            key ->
                new TransactionOutcome.Failure(
                    failure.operation(), Redaction.of(failure.refused(), key, visible)))
        .orElse(failure);
  }

  /** The key that an operation is refused about. */
  private static Optional<Key> key(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Check check -> Optional.of(check.key());
      case TransactionOperation.CheckHolder check -> Optional.of(check.key());
      case TransactionOperation.Put put -> Optional.of(put.request().key());
      case TransactionOperation.Delete delete -> Optional.of(delete.request().key());
      case TransactionOperation.SetMetadata set -> Optional.of(set.key());
      case TransactionOperation.CheckSession check -> Optional.empty();
      case TransactionOperation.Get get -> Optional.empty();
      case TransactionOperation.Directory directory -> Optional.empty();
      case TransactionOperation.ListRange list -> Optional.empty();
      case TransactionOperation.DeleteRange delete -> Optional.empty();
      case TransactionOperation.Choice choice -> Optional.empty();
    };
  }
}
