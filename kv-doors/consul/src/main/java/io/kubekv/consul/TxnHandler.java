package io.kubekv.consul;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Prefix;
import io.kubekv.Refused;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code /v1/txn}: a transaction of the port. */
final class TxnHandler implements Handler {
  private final KeyValueStore store;
  private final ConsulSettings settings;

  TxnHandler(KeyValueStore store, ConsulSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  @Override
  public void handle(Call call) throws ConsulError {
    List<TxnOperation> operations = TxnBody.read(call.body());
    boolean readOnly = operations.stream().noneMatch(TxnOperation::writes);
    Freshness freshness =
        readOnly ? ReadOptions.of(call.query()).freshness() : Freshness.LINEARIZABLE;
    call.requireDatacenter(settings.datacenter());
    List<TxnOutcome.Failure> keyless = keyless(operations);
    TxnOutcome outcome =
        keyless.isEmpty()
            ? transacted(operations.stream().map(TxnStep::of).toList(), freshness)
            : new TxnOutcome(List.of(), keyless);
    call.answer(outcome.response(readOnly));
  }

  private static List<TxnOutcome.Failure> keyless(List<TxnOperation> operations)
      throws ConsulError {
    List<TxnOutcome.Failure> keyless = new ArrayList<>();
    for (TxnOperation operation : operations) {
      try {
        if (new Prefix(operation.key()).text().isEmpty()
            && !operation.verb().equals("delete-tree")) {
          keyless.add(new TxnOutcome.Failure(operation.position(), "Must provide key"));
        }
      } catch (IllegalArgumentException notAKey) {
        throw new ConsulError(400, "Failed to parse body: " + notAKey.getMessage());
      }
    }
    return keyless;
  }

  /**
   * Consul's delete-cas of a key without an entry is done; the port refuses it. It is then tried
   * again as a check that there is no entry, and back, as often as others change that.
   */
  private TxnOutcome transacted(List<TxnStep> steps, Freshness freshness) {
    Set<Integer> ofNothing = new HashSet<>();
    while (true) {
      switch (Await.change(store.transact(request(steps, ofNothing, freshness)))) {
        case TransactionOutcome.Committed committed -> {
          return TxnOutcome.of(steps, committed.results());
        }
        case TransactionOutcome.RolledBack rolledBack -> {
          List<TransactionOutcome.Failure> failures =
              failures(steps, ofNothing, rolledBack.failures());
          if (!failures.isEmpty()) {
            return errors(steps, failures);
          }
        }
      }
    }
  }

  private static TransactionRequest request(
      List<TxnStep> steps, Set<Integer> ofNothing, Freshness freshness) {
    List<TransactionOperation> operations = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      TxnStep step = ofNothing.contains(i) ? steps.get(i).ofNothing() : steps.get(i);
      operations.add(step.operation());
    }
    return new TransactionRequest(operations, freshness);
  }

  /** What Consul would call failures; empty when the transaction is to be tried again. */
  private static List<TransactionOutcome.Failure> failures(
      List<TxnStep> steps, Set<Integer> ofNothing, List<TransactionOutcome.Failure> refused) {
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    boolean again = false;
    for (TransactionOutcome.Failure failure : refused) {
      boolean missing = failure.refused().reason() == Refused.Reason.MISSING;
      boolean deletes = steps.get(failure.operation()).asked().verb().equals("delete-cas");
      if (ofNothing.remove(failure.operation())) {
        again = true;
      } else if (deletes && missing) {
        ofNothing.add(failure.operation());
      } else {
        failures.add(failure);
      }
    }
    return again ? List.of() : failures;
  }

  /** Consul looks at lock delays first, and then at nothing else (kvsPreApply). */
  private static TxnOutcome errors(List<TxnStep> steps, List<TransactionOutcome.Failure> failures) {
    List<TransactionOutcome.Failure> delayed =
        failures.stream()
            .filter(failure -> failure.refused().reason() == Refused.Reason.LOCK_DELAYED)
            .toList();
    return new TxnOutcome(
        List.of(),
        (delayed.isEmpty() ? failures : delayed)
            .stream().map(failure -> error(steps.get(failure.operation()), failure)).toList());
  }

  private static TxnOutcome.Failure error(TxnStep step, TransactionOutcome.Failure failure) {
    return new TxnOutcome.Failure(step.asked().position(), TxnErrors.what(step, failure.refused()));
  }
}
