package io.kubekv;

import java.util.Optional;

/** What became of a put. */
public sealed interface PutOutcome permits PutOutcome.Stored, Refused {
  /**
   * The put happened.
   *
   * @param entry the entry as stored; its modify revision is the change's
   * @param previous the entry it replaced or updated
   */
  record Stored(Entry entry, Optional<Entry> previous) implements PutOutcome, TransactionResult {
    @Override
    public Revision revision() {
      return entry.modifyRevision();
    }
  }
}
