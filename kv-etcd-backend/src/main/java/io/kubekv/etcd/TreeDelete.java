package io.kubekv.etcd;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.RangeDeleted;
import io.kubekv.WatchEvent;
import java.util.Optional;

/** A delete of an entry and of all below it, as one change. Empty when the top is missing. */
final class TreeDelete implements Change<Optional<RangeDeleted>> {
  private final Key top;
  private final Cause cause;
  private final Operations operations;

  TreeDelete(Key top, Cause cause, EtcdKeys keys) {
    this.top = top;
    this.cause = cause;
    this.operations = new Operations(keys);
  }

  @Override
  public Decision<Optional<RangeDeleted>> decide(Facts facts) {
    if (facts.entry(top).isEmpty()) {
      return new Decision.Answer<>(Optional.empty());
    }
    return Decision.Write.of(
        Optional.empty(),
        (id, lease) -> operations.deleteTree(top, cause, id),
        seen -> Optional.of(outcome(seen)));
  }

  private RangeDeleted outcome(PendingWrite.Seen seen) {
    for (WatchEvent event : seen.events()) {
      if (event instanceof WatchEvent.Delete delete) {
        Optional<Entry> removed = Optional.of(delete.previous());
        return new RangeDeleted(1 + delete.below().size(), removed, seen.revision());
      }
    }
    throw new IllegalStateException("the delete of the tree " + top + " has no event");
  }
}
