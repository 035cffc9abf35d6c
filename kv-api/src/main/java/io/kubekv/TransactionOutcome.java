package io.kubekv;

import java.util.List;

/** What became of a transaction. */
public sealed interface TransactionOutcome {
  /**
   * All operations happened.
   *
   * @param revision the revision of the state that the transaction left: of all its changes, or
   *     where it changed nothing, of the state that it read
   * @param results one for each operation, in the same order; immutable
   */
  record Committed(Revision revision, List<TransactionResult> results)
      implements TransactionOutcome {
    public Committed {
      results = List.copyOf(results);
    }
  }

  /**
   * Nothing happened, because the state forbade some of it.
   *
   * @param failures every operation that was refused, in order, at least one; immutable
   * @param revision the revision of the state that decided
   */
  record RolledBack(List<Failure> failures, Revision revision) implements TransactionOutcome {
    public RolledBack {
      failures = List.copyOf(failures);
      if (failures.isEmpty()) {
        throw new IllegalArgumentException("a transaction was rolled back for no reason");
      }
    }
  }

  /**
   * An operation that was refused.
   *
   * @param operation its place in the request, from 0, counted as in {@link TransactionRequest#all}
   * @param refused why. Its entry and its revision are as the operations before this one had left
   *     them, and so never came to be where one of those had changed the key
   */
  record Failure(int operation, Refused refused) {}
}
