package io.kubekv;

import java.util.List;

/**
 * One snapshot of a range.
 *
 * @param entries the entries, ordered by key; immutable
 * @param prefixes with a delimiter: what the cut keys share, delimiter included, ordered, each
 *     once; immutable
 * @param revision the revision of the snapshot
 */
public record Listing(List<Entry> entries, List<Prefix> prefixes, Revision revision)
    implements TransactionResult {
  public Listing {
    entries = List.copyOf(entries);
    prefixes = List.copyOf(prefixes);
  }
}
