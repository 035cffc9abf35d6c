package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Deletes every entry of a range, leaves first: all of one depth at a time, so that nothing is left
 * without what is above it, and several together, so that it does not take for ever.
 */
final class RangeDeletes {
  private final Index index;
  private final Writes writes;
  private final Holder holder;
  private final PathOrder order;

  RangeDeletes(Index index, Writes writes, Holder holder, PathOrder order) {
    this.index = index;
    this.writes = writes;
    this.holder = holder;
    this.order = order;
  }

  RangeDeleted delete(Range range, Cause cause, Deadline deadline) {
    Term term = holder.awaitActive(deadline);
    Optional<Key> top =
        range instanceof Range.Tree tree ? Optional.of(tree.top()) : Optional.empty();
    if (top.isEmpty()) {
      return deleteNow(range, cause, term, deadline);
    }
    try (PathOrder.Turn turn = order.tree(top.get(), deadline)) {
      return deleteNow(range, cause, term, deadline);
    }
  }

  /** The same under a given term; the caller has seen to the order of writes. */
  RangeDeleted deleteNow(Range range, Cause cause, Term term, Deadline deadline) {
    Snapshot now = index.snapshot();
    holder.requireValid(term);
    List<Entry> doomed = now.in(range);
    Optional<Entry> top = range.self().flatMap(now::get);
    if (doomed.isEmpty()) {
      return new RangeDeleted(0, top, now.revision());
    }
    SequencedMap<Integer, List<Key>> byDepth = new TreeMap<>();
    doomed.forEach(
        entry ->
            byDepth
                .computeIfAbsent(entry.key().depth(), depth -> new ArrayList<>())
                .add(entry.key()));
    long count = 0;
    Revision last = now.revision();
    for (List<Key> level : byDepth.reversed().values()) {
      for (Optional<Revision> deleted :
          Batch.run(level.reversed(), key -> writes.deleteAny(key, cause, deadline))) {
        count += deleted.isPresent() ? 1 : 0;
        last = Revision.max(last, deleted.orElse(last));
      }
    }
    return new RangeDeleted(count, top, last);
  }
}
