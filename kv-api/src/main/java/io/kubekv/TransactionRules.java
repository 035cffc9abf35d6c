package io.kubekv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What of a transaction is decided on one state alone: the operations that read and check, and
 * which transactions are of one key. Nothing here blocks or changes anything.
 */
public final class TransactionRules {
  private final Function<Key, Optional<Entry>> entries;
  private final Function<ListRequest, Listing> lists;
  private final Predicate<SessionId> alive;

  /**
   * @param entries the entry that a key has in the state
   * @param lists the answer that the state has to a list
   * @param alive whether the state has a session
   */
  public TransactionRules(
      Function<Key, Optional<Entry>> entries,
      Function<ListRequest, Listing> lists,
      Predicate<SessionId> alive) {
    this.entries = entries;
    this.lists = lists;
    this.alive = alive;
  }

  /**
   * Fails unless a transaction can be kept by a store that writes one entry at a time: it only
   * reads; or its last operation is its only change, a flat put or delete of one key, and all
   * others read or check that key.
   *
   * @throws UnsupportedTransactionException naming the first operation that does not fit
   */
  public static void requireOneKey(TransactionRequest request) {
    if (request.onlyReads()) {
      return;
    }
    List<TransactionOperation> operations = request.operations();
    int last = operations.size() - 1;
    Optional<Key> key = key(operations.get(last));
    for (int i = 0; i <= last; i++) {
      boolean changes = operations.get(i) instanceof TransactionOperation.Changing;
      boolean fits = key.isEmpty() ? i < last : key(operations.get(i)).equals(key);
      if (!fits || changes != (i == last)) {
        throw new UnsupportedTransactionException(
            "operation "
                + i
                + " is refused: this store takes transactions that read and check any keys,"
                + " or that read and check one key and at last put or delete it",
            i);
      }
    }
  }

  /**
   * Fails unless a transaction can be kept by a store that writes any number of entries at once,
   * each once: it only reads; or each operation is flat and of one key, and no operation is of a
   * key that one before it changes.
   *
   * @throws UnsupportedTransactionException naming the first operation that does not fit
   */
  public static void requireEachKeyOnce(TransactionRequest request) {
    if (request.onlyReads()) {
      return;
    }
    Set<Key> changed = new HashSet<>();
    for (int i = 0; i < request.operations().size(); i++) {
      TransactionOperation operation = request.operations().get(i);
      Optional<Key> key = key(operation);
      if (key.isEmpty() || changed.contains(key.get())) {
        throw new UnsupportedTransactionException(
            "operation "
                + i
                + " is refused: this store takes transactions that read and check any keys,"
                + " or that read, check, put and delete single keys, each changed once and by its"
                + " last operation",
            i);
      }
      if (operation instanceof TransactionOperation.Changing) {
        changed.add(key.get());
      }
    }
  }

  /** The one key that a flat operation is about. */
  private static Optional<Key> key(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Get get -> Optional.of(get.key());
      case TransactionOperation.ListRange list -> exact(list.request().range());
      case TransactionOperation.Check check -> Optional.of(check.key());
      case TransactionOperation.CheckHolder check -> Optional.of(check.key());
      case TransactionOperation.Put put ->
          Optional.of(put.request())
              .filter(flat -> flat.layout() == Layout.FLAT)
              .map(PutRequest::key);
      case TransactionOperation.Delete delete ->
          Optional.of(delete.request())
              .filter(flat -> flat.layout() == Layout.FLAT)
              .map(DeleteRequest::key);
      case TransactionOperation.DeleteRange delete -> exact(delete.range());
    };
  }

  private static Optional<Key> exact(Range range) {
    return range instanceof Range.Exact exact ? Optional.of(exact.key()) : Optional.empty();
  }

  /**
   * What operations that only read come to on the state.
   *
   * @param at the state's revision
   */
  public TransactionOutcome read(List<TransactionOperation.Reading> operations, Revision at) {
    List<TransactionResult> results = new ArrayList<>();
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Optional<Refused> refused = refusal(operations.get(i), at);
      if (refused.isPresent()) {
        failures.add(new TransactionOutcome.Failure(i, refused.get()));
      } else {
        results.add(result(operations.get(i), at));
      }
    }
    return failures.isEmpty()
        ? new TransactionOutcome.Committed(at, results)
        : new TransactionOutcome.RolledBack(failures, at);
  }

  /** Why an operation is refused on the state of this revision; empty when it is not. */
  public Optional<Refused> refusal(TransactionOperation.Reading operation, Revision at) {
    return switch (operation) {
      case TransactionOperation.Get get -> Optional.empty();
      case TransactionOperation.ListRange list -> Optional.empty();
      case TransactionOperation.Check check ->
          check.precondition().refusal(entries.apply(check.key()), at);
      case TransactionOperation.CheckHolder check -> refusal(check, at);
    };
  }

  private Optional<Refused> refusal(TransactionOperation.CheckHolder check, Revision at) {
    Optional<Entry> entry = entries.apply(check.key());
    Optional<SessionId> holder = entry.flatMap(now -> now.lock().holder()).filter(alive);
    if (entry.isEmpty() || holder.equals(check.holder())) {
      return Precondition.PRESENT.refusal(entry, at);
    }
    Refused.Reason reason =
        check.holder().isPresent() ? Refused.Reason.NOT_HELD : Refused.Reason.HELD;
    return Optional.of(new Refused(reason, entry, at));
  }

  /** What an operation that is not refused comes to on the state of this revision. */
  public TransactionResult result(TransactionOperation.Reading operation, Revision at) {
    return switch (operation) {
      case TransactionOperation.Get get -> new Lookup(entries.apply(get.key()), at);
      case TransactionOperation.ListRange list -> lists.apply(list.request());
      case TransactionOperation.Check check -> new Lookup(entries.apply(check.key()), at);
      case TransactionOperation.CheckHolder check -> new Lookup(entries.apply(check.key()), at);
    };
  }
}
