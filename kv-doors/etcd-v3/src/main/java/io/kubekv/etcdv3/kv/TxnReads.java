package io.kubekv.etcdv3.kv;

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
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction needs to know before it: values that puts are to keep, which the transaction
 * then asks to be the same; and what stood at former revisions, which never changes.
 */
final class TxnReads {
  /** More entries are not kept for one transaction, whatever their ranges and revisions. */
  static final long MAX_PAST_ENTRIES = 4_000_000;

  /** What is read of the past: the same for all that only sort or filter it differently. */
  private record Past(ListRequest wanted, long revision) {
    static Past of(RangeRequest wanted) {
      return new Past(RangeAnswers.needed(wanted), wanted.getRevision());
    }

    CompletableFuture<Listing> read(KeyValueStore store) {
      return store.list(wanted, new Freshness.At(new Revision(revision)));
    }
  }

  private final Map<Key, CompletableFuture<Lookup>> values = new HashMap<>();
  private final Map<Past, CompletableFuture<Listing>> past = new HashMap<>();
  private final long maxPastEntries;
  private long pastEntries;

  private TxnReads(long maxPastEntries) {
    this.maxPastEntries = maxPastEntries;
  }

  static CompletableFuture<TxnReads> of(TxnRequest txn, KeyValueStore store, Executor threads) {
    return of(txn, store, threads, MAX_PAST_ENTRIES);
  }

  /**
   * Asks for all of it; complete when all has come or failed. Lists are read on a thread, one after
   * the other, and none when those before it have filled what there is room for.
   *
   * @param threads may wait
   */
  static CompletableFuture<TxnReads> of(
      TxnRequest txn, KeyValueStore store, Executor threads, long maxPastEntries) {
    TxnReads reads = new TxnReads(maxPastEntries);
    operations(txn).forEach(each -> reads.askValue(each, store));
    CompletableFuture<Void> read =
        CompletableFuture.allOf(reads.values.values().toArray(CompletableFuture[]::new));
    for (Past each : pastOf(txn)) {
      read = read.thenComposeAsync(done -> reads.readPast(each, store), threads);
    }
    return read.thenApply(done -> reads);
  }

  private void askValue(RequestOp operation, KeyValueStore store) {
    if (operation.hasRequestPut() && operation.getRequestPut().getIgnoreValue()) {
      values.computeIfAbsent(
          Puts.key(operation.getRequestPut()), key -> store.get(key, Freshness.LINEARIZABLE));
    }
  }

  private static Set<Past> pastOf(TxnRequest txn) {
    return operations(txn)
        .filter(each -> each.hasRequestRange() && each.getRequestRange().getRevision() > 0)
        .map(each -> Past.of(each.getRequestRange()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private CompletableFuture<Void> readPast(Past wanted, KeyValueStore store) {
    CompletableFuture<Listing> listing = wanted.read(store);
    past.put(wanted, listing);
    return listing.exceptionally(failed -> null).thenAccept(this::requireRoom);
  }

  private void requireRoom(@Nullable Listing more) {
    pastEntries += more == null ? 0 : more.entries().size();
    if (pastEntries > maxPastEntries) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "kubekv: the ranges of former revisions have more than %d keys, which is too many for"
                      .formatted(maxPastEntries)
                  + " one transaction")
          .asRuntimeException();
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

  /** Whether anything was read at a former revision. */
  boolean hasPast() {
    return !past.isEmpty();
  }

  Optional<Entry> entry(Key key) {
    CompletableFuture<Lookup> lookup = values.get(key);
    return lookup == null ? Optional.empty() : lookup.join().entry();
  }

  /** Why what stood at the revision is not known; another failure is thrown. */
  Optional<Status> failure(RangeRequest wanted) {
    CompletableFuture<Listing> listing = past.get(Past.of(wanted));
    if (listing == null || !listing.isCompletedExceptionally()) {
      return Optional.empty();
    }
    return switch (Await.cause(listing.exceptionNow())) {
      case CompactedException compacted -> Optional.of(Failures.COMPACTED);
      case FutureRevisionException future -> Optional.of(Failures.FUTURE_REVISION);
      case Throwable other -> throw Failures.told(other);
    };
  }

  RangeAnswers.Found found(RangeRequest wanted) {
    CompletableFuture<Listing> listing = past.get(Past.of(wanted));
    return listing == null
        ? new RangeAnswers.Found(List.of(), 0)
        : RangeAnswers.Found.of(listing.join());
  }
}
