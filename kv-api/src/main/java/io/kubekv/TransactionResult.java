package io.kubekv;

import java.util.List;

/**
 * What an operation of a transaction came to; {@link TransactionOperation} says which has which.
 */
public sealed interface TransactionResult
    permits Lookup,
        Listing,
        PutOutcome.Stored,
        DeleteOutcome.Deleted,
        RangeDeleted,
        DirectoryLookup,
        TransactionResult.Chosen {
  /** The revision of the state that the operation found or left. */
  Revision revision();

  /**
   * A {@link TransactionOperation.Choice} was made.
   *
   * @param held whether its comparisons held
   * @param results one for each operation of the side that was chosen, in order; immutable
   * @param revision the revision of the state that they left
   */
  record Chosen(boolean held, List<TransactionResult> results, Revision revision)
      implements TransactionResult {
    public Chosen {
      results = List.copyOf(results);
    }
  }
}
