package io.kubekv;

/** What became of a delete. */
public sealed interface DeleteOutcome permits DeleteOutcome.Deleted, Refused {
  /**
   * The delete happened.
   *
   * @param revision the revision of the change
   * @param previous the entry as it was
   */
  record Deleted(Revision revision, Entry previous) implements DeleteOutcome, TransactionResult {}
}
