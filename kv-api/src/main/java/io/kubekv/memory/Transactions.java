package io.kubekv.memory;

import io.kubekv.DeleteOutcome;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tries the operations of a transaction on the ledger, one after the other, and takes all of it
 * back unless each succeeds.
 */
final class Transactions {
  private final Ledger ledger;
  private final TransactionRules rules;

  Transactions(Ledger ledger) {
    this.ledger = ledger;
    this.rules =
        new TransactionRules(
            ledger.contents()::get,
            request -> ledger.contents().list(request, ledger.revision()),
            id -> ledger.sessions().get(id).isPresent());
  }

  TransactionOutcome run(TransactionRequest request, long now) {
    Attempt attempt = ledger.begin();
    boolean committed = false;
    try {
      TransactionOutcome outcome = tried(request, attempt, now);
      committed = outcome instanceof TransactionOutcome.Committed;
      return outcome;
    } finally {
      if (committed) {
        ledger.commit(attempt);
      } else {
        ledger.rollBack(attempt);
      }
    }
  }

  private TransactionOutcome tried(TransactionRequest request, Attempt attempt, long now) {
    List<TransactionResult> results = new ArrayList<>();
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    for (int i = 0; i < request.operations().size(); i++) {
      int place = i;
      tried(
          request.operations().get(i),
          now,
          results::add,
          refused -> failures.add(new TransactionOutcome.Failure(place, refused)));
    }
    return failures.isEmpty()
        ? new TransactionOutcome.Committed(ledger.revision(), results)
        : new TransactionOutcome.RolledBack(failures, attempt.before());
  }

  private void tried(
      TransactionOperation operation,
      long now,
      Consumer<TransactionResult> done,
      Consumer<Refused> refusal) {
    switch (operation) {
      case TransactionOperation.Reading reading ->
          rules
              .refusal(reading, ledger.revision())
              .ifPresentOrElse(
                  refusal, () -> done.accept(rules.result(reading, ledger.revision())));
      case TransactionOperation.Put put -> {
        switch (ledger.put(put.request(), now)) {
          case PutOutcome.Stored stored -> done.accept(stored);
          case Refused refused -> refusal.accept(refused);
        }
      }
      case TransactionOperation.Delete delete -> {
        switch (ledger.delete(delete.request())) {
          case DeleteOutcome.Deleted deleted -> done.accept(deleted);
          case Refused refused -> refusal.accept(refused);
        }
      }
      case TransactionOperation.DeleteRange delete ->
          done.accept(ledger.deleteRange(delete.range()));
    }
  }
}
