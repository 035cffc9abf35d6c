package io.kubekv.etcdv3;

import io.grpc.Status;
import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.FutureRevisionException;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Revision;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What a transaction needs to know before it: values that puts are to keep, which the transaction
 * then asks to be the same; and what stood at former revisions, which never changes.
 */
final class TxnReads {
  private final Map<Key, CompletableFuture<Lookup>> values = new HashMap<>();
  private final Map<RangeRequest, CompletableFuture<Listing>> past = new HashMap<>();

  private TxnReads() {}

  /** Asks for all of it; complete when all has come or failed. */
  static CompletableFuture<TxnReads> of(TxnRequest txn, KeyValueStore store) {
    TxnReads reads = new TxnReads();
    operations(txn).forEach(each -> reads.ask(each, store));
    List<CompletableFuture<?>> all = new ArrayList<>(reads.values.values());
    reads.past.values().forEach(each -> all.add(each.exceptionally(failed -> null)));
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> reads);
  }

  private void ask(RequestOp operation, KeyValueStore store) {
    if (operation.hasRequestPut() && operation.getRequestPut().getIgnoreValue()) {
      values.computeIfAbsent(
          Puts.key(operation.getRequestPut()), key -> store.get(key, Freshness.LINEARIZABLE));
    }
    RangeRequest range = operation.getRequestRange();
    if (operation.hasRequestRange() && range.getRevision() > 0) {
      past.computeIfAbsent(
          range,
          wanted ->
              store.list(
                  ListRequest.of(Ranges.of(wanted.getKey(), wanted.getRangeEnd())),
                  new Freshness.At(new Revision(wanted.getRevision()))));
    }
  }

  /** Every operation, whichever side it is on. */
  private static Stream<RequestOp> operations(TxnRequest txn) {
    return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
        .flatMap(each -> each.hasRequestTxn() ? operations(each.getRequestTxn()) : Stream.of(each));
  }

  /** Whether no read of it asks for more than what this replica has. */
  static boolean isSerializable(TxnRequest txn) {
    return operations(txn)
        .filter(RequestOp::hasRequestRange)
        .allMatch(each -> each.getRequestRange().getSerializable());
  }

  Optional<Entry> entry(Key key) {
    CompletableFuture<Lookup> lookup = values.get(key);
    return lookup == null ? Optional.empty() : lookup.join().entry();
  }

  /** Why what stood at the revision is not known; another failure is thrown. */
  Optional<Status> failure(RangeRequest wanted) {
    CompletableFuture<Listing> listing = past.get(wanted);
    if (listing == null || !listing.isCompletedExceptionally()) {
      return Optional.empty();
    }
    return switch (Await.cause(listing.exceptionNow())) {
      case CompactedException compacted -> Optional.of(Failures.COMPACTED);
      case FutureRevisionException future -> Optional.of(Failures.FUTURE_REVISION);
      case Throwable other -> throw Failures.told(other);
    };
  }

  List<Entry> entries(RangeRequest wanted) {
    CompletableFuture<Listing> listing = past.get(wanted);
    return listing == null ? List.of() : listing.join().entries();
  }
}
