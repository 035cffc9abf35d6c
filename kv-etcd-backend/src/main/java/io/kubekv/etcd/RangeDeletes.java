package io.kubekv.etcd;

import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.Optional;

/** Deletes of ranges: one change for a tree with a top, else one for each entry, leaves first. */
final class RangeDeletes {
  private final Reads reads;
  private final Writes writes;
  private final EtcdKeys keys;
  private final Duration patience;

  RangeDeletes(Reads reads, Writes writes, EtcdKeys keys, Duration patience) {
    this.reads = reads;
    this.writes = writes;
    this.keys = keys;
    this.patience = patience;
  }

  RangeDeleted delete(Range range) {
    if (range instanceof Range.Tree tree) {
      Optional<RangeDeleted> whole =
          writes.run(new TreeDelete(tree.top(), Cause.DELETE, keys), Deadline.in(patience));
      if (whole.isPresent()) {
        return whole.get();
      }
    }
    return oneByOne(range);
  }

  private RangeDeleted oneByOne(Range range) {
    Listing doomed = reads.list(ListRequest.of(range), Deadline.in(patience));
    long count = 0;
    Optional<Entry> top = Optional.empty();
    Revision revision = doomed.revision();
    for (Entry entry : doomed.entries().reversed()) {
      DeleteChange change = new DeleteChange(DeleteRequest.of(entry.key()), keys);
      if (writes.run(change, Deadline.in(patience)) instanceof DeleteOutcome.Deleted deleted) {
        count++;
        revision = deleted.revision();
        if (range.self().filter(entry.key()::equals).isPresent()) {
          top = Optional.of(deleted.previous());
        }
      }
    }
    return new RangeDeleted(count, top, revision);
  }
}
