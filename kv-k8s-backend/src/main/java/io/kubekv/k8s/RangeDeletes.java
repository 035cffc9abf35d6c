package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Deletes every entry of a range, leaves first: all of one depth at a time, so that nothing is left
 * without what is above it, and several together, so that it does not take for ever.
 */
final class RangeDeletes {
  /** How many deletes of one call are under way together. */
  private static final int TOGETHER = 16;

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
      for (Revision deleted : deleteAll(level.reversed(), cause, deadline)) {
        count++;
        last = Revision.max(last, deleted);
      }
    }
    return new RangeDeleted(count, top, last);
  }

  private List<Revision> deleteAll(List<Key> keys, Cause cause, Deadline deadline) {
    List<Revision> deleted = new ArrayList<>();
    if (keys.size() == 1) {
      writes.deleteAny(keys.getFirst(), cause, deadline).ifPresent(deleted::add);
      return deleted;
    }
    Semaphore room = new Semaphore(TOGETHER);
    List<Future<Optional<Revision>>> running = new ArrayList<>();
    try (ExecutorService workers = Executors.newThreadPerTaskExecutor(Threads.named("delete"))) {
      for (Key key : keys) {
        room.acquireUninterruptibly();
        running.add(
            workers.submit(
                () -> {
                  try {
                    return writes.deleteAny(key, cause, deadline);
                  } finally {
                    room.release();
                  }
                }));
      }
      for (Future<Optional<Revision>> one : running) {
        result(one).ifPresent(deleted::add);
      }
    }
    return deleted;
  }

  private static Optional<Revision> result(Future<Optional<Revision>> one) {
    try {
      return one.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StoreException known) {
        throw known;
      }
      throw new IllegalStateException("a delete failed", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted while deleting a range");
    }
  }
}
