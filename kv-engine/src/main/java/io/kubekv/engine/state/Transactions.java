package io.kubekv.engine.state;

import io.kubekv.Comparison;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Limits;
import io.kubekv.Lookup;
import io.kubekv.Metadata;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tries the operations of one transaction on a draft, one after the other. The draft is thrown away
 * when one of them is refused, or when its comparisons look at too many entries ({@link
 * Limits#MAX_COMPARED}).
 */
final class Transactions {
  private final Decider decider;
  private final State before;
  private final Draft draft;
  private final Moment now;
  private final TransactionRules rules;
  private final List<TransactionOutcome.Failure> failures = new ArrayList<>();

  /** The place of the next operation in the request. */
  private int place;

  /** How many entries the comparisons have looked at. */
  private long compared;

  Transactions(Decider decider, Draft draft, Moment now) {
    this.decider = decider;
    this.before = draft.state();
    this.draft = draft;
    this.now = now;
    this.rules =
        new TransactionRules(
            key -> draft.state().get(key),
            key -> draft.state().contents().hasBelow(key),
            request -> draft.state().list(request),
            directory -> draft.state().directory(directory),
            id -> draft.state().locks().session(id));
  }

  TransactionOutcome run(TransactionRequest request) {
    List<TransactionResult> results = tried(request.operations());
    return failures.isEmpty()
        ? new TransactionOutcome.Committed(draft.revision(), results)
        : new TransactionOutcome.RolledBack(failures, before.revision());
  }

  /** What the operations come to; fewer results where some are refused. */
  private List<TransactionResult> tried(List<TransactionOperation> operations) {
    List<TransactionResult> results = new ArrayList<>();
    operations.forEach(operation -> tried(operation, results));
    return results;
  }

  private void tried(TransactionOperation operation, List<TransactionResult> results) {
    int own = place++;
    switch (operation) {
      case TransactionOperation.Reading reading ->
          rules
              .refusal(reading, draft.revision())
              .ifPresentOrElse(
                  refused -> fail(refused, own),
                  () -> results.add(rules.result(reading, draft.revision())));
      case TransactionOperation.Put put -> {
        switch (decider.put(put.request(), draft, now)) {
          case PutOutcome.Stored stored -> results.add(stored);
          case Refused refused -> fail(refused, own);
        }
      }
      case TransactionOperation.Delete delete -> {
        switch (decider.delete(delete.request(), draft)) {
          case DeleteOutcome.Deleted deleted -> results.add(deleted);
          case Refused refused -> fail(refused, own);
        }
      }
      case TransactionOperation.DeleteRange delete ->
          results.add(decider.deleteRange(delete.range(), draft));
      case TransactionOperation.SetMetadata set ->
          refusal(set)
              .ifPresentOrElse(refused -> fail(refused, own), () -> results.add(described(set)));
      case TransactionOperation.Choice choice -> results.add(chosen(choice));
    }
  }

  private Optional<Refused> refusal(TransactionOperation.SetMetadata set) {
    draft.state().features().require(Feature.ENTRY_METADATA);
    Optional<Entry> entry = draft.state().get(set.key());
    boolean changed =
        set.version().isPresent()
            && entry
                .filter(now -> now.metadata().version() != set.version().getAsInt())
                .isPresent();
    return changed
        ? Optional.of(new Refused(Refused.Reason.CHANGED, entry, draft.revision()))
        : Precondition.PRESENT.refusal(entry, draft.revision());
  }

  private Lookup described(TransactionOperation.SetMetadata set) {
    Metadata before = draft.state().get(set.key()).orElseThrow().metadata();
    draft.add(new Change.MetadataSet(set.key(), before.changed(set.content())));
    return new Lookup(draft.state().get(set.key()), draft.revision());
  }

  /** What is not chosen has places, too. */
  private TransactionResult chosen(TransactionOperation.Choice choice) {
    boolean holds = choice.comparisons().stream().allMatch(this::holds);
    place += holds ? 0 : TransactionRequest.of(choice.then()).all().size();
    List<TransactionResult> results = tried(holds ? choice.then() : choice.otherwise());
    place += holds ? TransactionRequest.of(choice.otherwise()).all().size() : 0;
    return new TransactionResult.Chosen(holds, results, draft.revision());
  }

  private boolean holds(Comparison comparison) {
    return comparison.holds(
        before.contents().each(comparison.range()).peek(entry -> countCompared()).iterator());
  }

  /** While it is decided, all others wait: it looks at so many entries, and fails at the next. */
  private void countCompared() {
    Limits.checkCompared(++compared);
  }

  private void fail(Refused refused, int at) {
    failures.add(new TransactionOutcome.Failure(at, refused));
  }
}
