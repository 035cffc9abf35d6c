package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.Comparison;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Precondition;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Stores whose transactions are none: promise 3, and what promises 8 and 9 say of them. */
final class BrokenTransactions {
  private BrokenTransactions() {}

  private static boolean putsSeveralKeys(TransactionRequest request) {
    Set<Key> keys = new HashSet<>();
    for (TransactionOperation operation : request.operations()) {
      if (operation instanceof TransactionOperation.Put put) {
        keys.add(put.request().key());
      }
    }
    return keys.size() > 1;
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
  }

  /** Each operation is a transaction of its own. */
  private static TransactionOutcome oneByOne(KeyValueStore store, TransactionRequest request) {
    List<TransactionResult> results = new ArrayList<>();
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    Revision last = Revision.ZERO;
    for (int i = 0; i < request.operations().size(); i++) {
      switch (Await.change(store.transact(TransactionRequest.of(request.operations().get(i))))) {
        case TransactionOutcome.Committed done -> {
          results.addAll(done.results());
          last = done.revision();
        }
        case TransactionOutcome.RolledBack not ->
            failures.add(new TransactionOutcome.Failure(i, not.failures().getFirst().refused()));
      }
      pause();
    }
    return failures.isEmpty()
        ? new TransactionOutcome.Committed(last, results)
        : new TransactionOutcome.RolledBack(failures, last);
  }

  /** Others see the first change of a transaction before the last is made. */
  static final class ChangesOneByOne extends DelegatingStore {
    ChangesOneByOne(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            boolean changesOnly =
                request.operations().stream().allMatch(TransactionOperation.Put.class::isInstance);
            return changesOnly && putsSeveralKeys(request)
                ? oneByOne(inner(), request)
                : Await.change(super.transact(request));
          });
    }
  }

  /** What was not refused stays. */
  static final class NeverRollsBack extends DelegatingStore {
    NeverRollsBack(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            TransactionOutcome outcome = Await.change(super.transact(request));
            if (outcome instanceof TransactionOutcome.RolledBack && putsSeveralKeys(request)) {
              oneByOne(inner(), request);
            }
            return outcome;
          });
    }
  }

  /** Each read is of a moment of its own. */
  static final class ReadsOneByOne extends DelegatingStore {
    ReadsOneByOne(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            boolean getsOnly =
                request.operations().size() > 1
                    && request.operations().stream()
                        .allMatch(TransactionOperation.Get.class::isInstance);
            return getsOnly ? oneByOne(inner(), request) : Await.change(super.transact(request));
          });
    }
  }

  /** The checks are made first, and the change later. */
  static final class ChecksThenActs extends DelegatingStore {
    ChecksThenActs(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            List<TransactionOperation> operations = request.operations();
            boolean checkedPut =
                operations.size() == 2
                    && operations.get(0) instanceof TransactionOperation.Check check
                    && check.precondition() instanceof Precondition.RevisionIs
                    && operations.get(1) instanceof TransactionOperation.Put;
            if (!checkedPut) {
              return Await.change(super.transact(request));
            }
            TransactionOutcome checked =
                Await.change(super.transact(TransactionRequest.of(operations.get(0))));
            pause();
            if (!(checked instanceof TransactionOutcome.Committed seen)) {
              return checked;
            }
            TransactionOutcome changed =
                Await.change(super.transact(TransactionRequest.of(operations.get(1))));
            if (!(changed instanceof TransactionOutcome.Committed done)) {
              return changed;
            }
            List<TransactionResult> results = new ArrayList<>(seen.results());
            results.addAll(done.results());
            return new TransactionOutcome.Committed(done.revision(), results);
          });
    }
  }

  /** Only the first refusal is told. */
  static final class TellsOneFailure extends DelegatingStore {
    TellsOneFailure(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            TransactionOutcome outcome = Await.change(super.transact(request));
            return outcome instanceof TransactionOutcome.RolledBack not
                ? new TransactionOutcome.RolledBack(not.failures().subList(0, 1), not.revision())
                : outcome;
          });
    }
  }

  /** A transaction with its choices made into others. */
  private static TransactionRequest withChoices(
      TransactionRequest request, UnaryOperator<TransactionOperation.Choice> change) {
    List<TransactionOperation> operations = new ArrayList<>();
    for (TransactionOperation operation : request.operations()) {
      operations.add(
          operation instanceof TransactionOperation.Choice choice
              ? change.apply(choice)
              : operation);
    }
    return request.withOperations(operations);
  }

  /** Whatever is compared holds. */
  static final class NeverOtherwise extends DelegatingStore {
    NeverOtherwise(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            return Await.change(
                super.transact(
                    withChoices(
                        request,
                        choice ->
                            choice.otherwise().isEmpty()
                                ? choice
                                : new TransactionOperation.Choice(
                                    List.of(), choice.then(), choice.otherwise()))));
          });
    }
  }

  /** Of a range, the first entry is asked about. */
  static final class AsksTheFirst extends DelegatingStore {
    AsksTheFirst(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            return Await.change(
                super.transact(
                    withChoices(
                        request,
                        choice ->
                            new TransactionOperation.Choice(
                                choice.comparisons().stream().map(this::ofTheFirst).toList(),
                                choice.then(),
                                choice.otherwise()))));
          });
    }

    private Comparison ofTheFirst(Comparison comparison) {
      return Await.read(list(ListRequest.of(comparison.range()), Freshness.LINEARIZABLE))
          .entries()
          .stream()
          .findFirst()
          .map(first -> Comparison.of(first.key(), comparison.subject(), comparison.relation()))
          .orElse(comparison);
    }
  }

  /** Whatever is attached to none comes before all that is attached. */
  static final class NoneIsFirst extends DelegatingStore {
    NoneIsFirst(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return super.transact(
          withChoices(
              request,
              choice ->
                  new TransactionOperation.Choice(
                      choice.comparisons().stream().map(NoneIsFirst::first).toList(),
                      choice.then(),
                      choice.otherwise())));
    }

    private static Comparison first(Comparison comparison) {
      return comparison.subject() instanceof Comparison.AttachedTo to
          ? new Comparison(
              comparison.range(),
              new Comparison.AttachedTo(to.session(), SessionId.ZEROS),
              comparison.relation())
          : comparison;
    }
  }

  /** Choices are made when it is their turn. */
  static final class ChoosesLate extends DelegatingStore {
    ChoosesLate(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            List<TransactionOperation> operations = request.operations();
            boolean late =
                operations.size() == 2
                    && operations.get(0) instanceof TransactionOperation.Put
                    && operations.get(1) instanceof TransactionOperation.Choice;
            return late ? oneByOne(inner(), request) : Await.change(super.transact(request));
          });
    }
  }

  /** Of a choice, the longer side counts. */
  static final class CountsOneSide extends DelegatingStore {
    CountsOneSide(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            boolean over = request.all().size() > TransactionRequest.MAX_OPERATIONS;
            return Await.change(
                super.transact(
                    over
                        ? withChoices(
                            request,
                            choice ->
                                new TransactionOperation.Choice(
                                    choice.comparisons(), choice.then(), List.of()))
                        : request));
          });
    }
  }

  /** More operations than are allowed are taken in turns. */
  static final class Unlimited extends DelegatingStore {
    Unlimited(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            int most = TransactionRequest.MAX_OPERATIONS;
            List<TransactionOperation> operations = request.operations();
            if (operations.size() <= most) {
              return Await.change(super.transact(request));
            }
            Await.change(super.transact(TransactionRequest.of(operations.subList(0, most))));
            return Await.change(
                transact(TransactionRequest.of(operations.subList(most, operations.size()))));
          });
    }
  }

  /** Values are measured one by one. */
  static final class ManyLargeValues extends DelegatingStore {
    ManyLargeValues(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            List<TransactionOperation> small = new ArrayList<>();
            for (TransactionOperation operation : request.operations()) {
              boolean comparesOnly =
                  operation instanceof TransactionOperation.Check check
                      && check.precondition() instanceof Precondition.ValueIs;
              if (!comparesOnly) {
                small.add(operation);
              }
            }
            boolean large =
                small.size() < request.operations().size() && limits().maxValueBytes() < 1024;
            return Await.change(super.transact(large ? TransactionRequest.of(small) : request));
          });
    }
  }

  /** Whoever holds the key will do. */
  static final class IgnoresHolders extends DelegatingStore {
    IgnoresHolders(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            return Await.change(
                super.transact(
                    request.withOperations(
                        request.operations().stream().map(IgnoresHolders::ignoring).toList())));
          });
    }

    private static TransactionOperation ignoring(TransactionOperation operation) {
      return operation instanceof TransactionOperation.CheckHolder check
          ? new TransactionOperation.Check(check.key(), Precondition.PRESENT)
          : operation;
    }
  }

  /** Fences are for puts by themselves only. */
  static final class IgnoresFences extends DelegatingStore {
    IgnoresFences(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            return Await.change(
                super.transact(
                    request.withOperations(
                        request.operations().stream().map(IgnoresFences::ignoring).toList())));
          });
    }

    private static TransactionOperation ignoring(TransactionOperation operation) {
      return operation instanceof TransactionOperation.Put put && put.request().fence().isPresent()
          ? new TransactionOperation.Put(PutRequest.of(put.request().key(), put.request().value()))
          : operation;
    }
  }
}
