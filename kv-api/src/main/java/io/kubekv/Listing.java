package io.kubekv;

import java.util.List;

/**
 * One snapshot of a range.
 *
 * @param entries the entries, ordered by key; immutable
 * @param prefixes with a delimiter: what the cut keys share, delimiter included, ordered, each
 *     once; immutable
 * @param revision the revision of the snapshot
 * @param more whether the range has more than the {@linkplain ListRequest#limit limit} let through
 * @param count how many entries the range has, whatever the limit; with a delimiter, how many
 *     entries and prefixes are answered
 */
public record Listing(
    List<Entry> entries, List<Prefix> prefixes, Revision revision, boolean more, long count)
    implements TransactionResult {
  public Listing {
    entries = List.copyOf(entries);
    prefixes = List.copyOf(prefixes);
  }

  /** All that the range has. */
  public Listing(List<Entry> entries, List<Prefix> prefixes, Revision revision) {
    this(entries, prefixes, revision, false, (long) entries.size() + prefixes.size());
  }

  /** The first of these, as a request with this limit asks for them. */
  public Listing first(int limit) {
    int of = 0;
    int cut = 0;
    while (of + cut < limit && (of < entries.size() || cut < prefixes.size())) {
      boolean isEntry =
          cut == prefixes.size()
              || of < entries.size()
                  && entries.get(of).key().compareTo(new Key(prefixes.get(cut).text())) < 0;
      of += isEntry ? 1 : 0;
      cut += isEntry ? 0 : 1;
    }
    boolean left = of < entries.size() || cut < prefixes.size();
    return new Listing(
        entries.subList(0, of),
        prefixes.subList(0, cut),
        revision,
        more || left,
        prefixes.isEmpty() ? count : (long) of + cut);
  }
}
