package io.kubekv.engine.state;

import io.kubekv.DeleteOutcome;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries the operations of one transaction on a draft, one after the other. The draft is thrown away
 * when one of them is refused.
 */
final class Transactions {
  private final Decider decider;
  private final Draft draft;
  private final Moment now;
  private final TransactionRules rules;
  private final List<TransactionResult> results = new ArrayList<>();
  private final List<TransactionOutcome.Failure> failures = new ArrayList<>();

  Transactions(Decider decider, Draft draft, Moment now) {
    this.decider = decider;
    this.draft = draft;
    this.now = now;
    this.rules =
        new TransactionRules(
            key -> draft.state().get(key),
            request -> draft.state().list(request),
            id -> draft.state().locks().isAlive(id));
  }

  TransactionOutcome run(TransactionRequest request) {
    Revision before = draft.revision();
    for (int i = 0; i < request.operations().size(); i++) {
      tried(request.operations().get(i), i);
    }
    return failures.isEmpty()
        ? new TransactionOutcome.Committed(draft.revision(), results)
        : new TransactionOutcome.RolledBack(failures, before);
  }

  private void tried(TransactionOperation operation, int place) {
    switch (operation) {
      case TransactionOperation.Reading reading ->
          rules
              .refusal(reading, draft.revision())
              .ifPresentOrElse(
                  refused -> fail(refused, place),
                  () -> results.add(rules.result(reading, draft.revision())));
      case TransactionOperation.Put put -> {
        switch (decider.put(put.request(), draft, now)) {
          case PutOutcome.Stored stored -> results.add(stored);
          case Refused refused -> fail(refused, place);
        }
      }
      case TransactionOperation.Delete delete -> {
        switch (decider.delete(delete.request(), draft)) {
          case DeleteOutcome.Deleted deleted -> results.add(deleted);
          case Refused refused -> fail(refused, place);
        }
      }
      case TransactionOperation.DeleteRange delete ->
          results.add(decider.deleteRange(delete.range(), draft));
    }
  }

  private void fail(Refused refused, int place) {
    failures.add(new TransactionOutcome.Failure(place, refused));
  }
}
