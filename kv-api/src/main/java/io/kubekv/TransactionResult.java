package io.kubekv;

/**
 * What an operation of a transaction came to; {@link TransactionOperation} says which has which.
 */
public sealed interface TransactionResult
    permits Lookup, Listing, PutOutcome.Stored, DeleteOutcome.Deleted, RangeDeleted {
  /** The revision of the state that the operation found or left. */
  Revision revision();
}
