package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Locking;
import io.kubekv.Lookup;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Transactions of the shapes that {@link TransactionRules#requireOneKey} lets through: reads of one
 * snapshot, and checks of one key with one change of it. The change is one write that holds only
 * for the object that the checks have seen; when it is overtaken, all is decided again.
 */
final class OneKeyTransactions {
  private final Index index;
  private final Holder holder;
  private final Reads reads;
  private final Writes writes;
  private final BiFunction<Key, Snapshot, Lookup> lookups;

  /**
   * @param lookups how a get is answered on a state
   */
  OneKeyTransactions(Machinery machinery, BiFunction<Key, Snapshot, Lookup> lookups) {
    this.index = machinery.index;
    this.holder = machinery.holder;
    this.reads = machinery.reads;
    this.writes = machinery.writes;
    this.lookups = lookups;
  }

  TransactionOutcome transact(TransactionRequest request, Deadline deadline) {
    return request.operations().isEmpty()
            || request.operations().getLast() instanceof TransactionOperation.Reading
        ? reads.read(request.freshness(), now -> read(request, now))
        : change(request, (TransactionOperation.Changing) request.operations().getLast(), deadline);
  }

  private TransactionOutcome read(TransactionRequest request, Snapshot now) {
    return new TransactionRules(
            key -> lookups.apply(key, now).entry(), now::list, index.sessions()::lives)
        .read(request.readings(), now.revision());
  }

  private TransactionOutcome change(
      TransactionRequest request, TransactionOperation.Changing change, Deadline deadline) {
    Key key = key(change);
    try (PathOrder.Turn turn = writes.turn(key, Layout.FLAT, deadline);
        PathOrder.Turn session = writes.sessionTurn(locking(change), deadline)) {
      while (true) {
        Term term = holder.awaitActive(deadline);
        Snapshot now = index.snapshot();
        TransactionOutcome seen = withChange(read(request, now), refusal(change, now), request);
        if (seen instanceof TransactionOutcome.RolledBack) {
          holder.requireValid(term);
          return seen;
        }
        Optional<TransactionResult> done = make(change, now, term, deadline);
        if (done.isPresent()) {
          return committed((TransactionOutcome.Committed) seen, done.get());
        }
        Writes.requireTime(key, deadline);
      }
    }
  }

  /** What was read, or all that speaks against the transaction, its change included. */
  private static TransactionOutcome withChange(
      TransactionOutcome read, Optional<Refused> refused, TransactionRequest request) {
    if (refused.isEmpty()) {
      return read;
    }
    List<TransactionOutcome.Failure> failures =
        switch (read) {
          case TransactionOutcome.Committed all -> new ArrayList<>();
          case TransactionOutcome.RolledBack some -> new ArrayList<>(some.failures());
        };
    int last = request.operations().size() - 1;
    failures.add(new TransactionOutcome.Failure(last, refused.get()));
    return new TransactionOutcome.RolledBack(failures, refused.get().revision());
  }

  private static TransactionOutcome committed(
      TransactionOutcome.Committed seen, TransactionResult done) {
    List<TransactionResult> results = new ArrayList<>(seen.results());
    results.add(done);
    return new TransactionOutcome.Committed(done.revision(), results);
  }

  private static Key key(TransactionOperation.Changing change) {
    return switch (change) {
      case TransactionOperation.Put put -> put.request().key();
      case TransactionOperation.Delete delete -> delete.request().key();
      case TransactionOperation.DeleteRange delete -> key(delete.range());
    };
  }

  private static Key key(Range range) {
    return range.self().orElseThrow();
  }

  private static Locking locking(TransactionOperation.Changing change) {
    return change instanceof TransactionOperation.Put put ? put.request().locking() : Locking.NONE;
  }

  private Optional<Refused> refusal(TransactionOperation.Changing change, Snapshot now) {
    return switch (change) {
      case TransactionOperation.Put put -> writes.refusals().of(put.request(), now);
      case TransactionOperation.Delete delete -> writes.refusals().of(delete.request(), now);
      case TransactionOperation.DeleteRange delete -> Optional.empty();
    };
  }

  /** Makes a change that the state does not refuse; empty when it was overtaken. */
  private Optional<TransactionResult> make(
      TransactionOperation.Changing change, Snapshot now, Term term, Deadline deadline) {
    return switch (change) {
      case TransactionOperation.Put put ->
          writes.putOn(now, put.request(), deadline).map(stored -> stored);
      case TransactionOperation.Delete delete -> {
        Snapshot.Held held = now.held(delete.request().key()).orElseThrow();
        yield writes
            .mark(held, delete.request().cause(), deadline)
            .map(revision -> new DeleteOutcome.Deleted(revision, held.entry()));
      }
      case TransactionOperation.DeleteRange delete -> empty(delete.range(), now, term, deadline);
    };
  }

  private Optional<TransactionResult> empty(
      Range range, Snapshot now, Term term, Deadline deadline) {
    Optional<Snapshot.Held> held = now.held(key(range));
    if (held.isEmpty()) {
      holder.requireValid(term);
      return Optional.of(new RangeDeleted(0, Optional.empty(), now.revision()));
    }
    Optional<Entry> top = held.map(Snapshot.Held::entry);
    return writes
        .mark(held.get(), Cause.DELETE, deadline)
        .map(revision -> new RangeDeleted(1, top, revision));
  }
}
