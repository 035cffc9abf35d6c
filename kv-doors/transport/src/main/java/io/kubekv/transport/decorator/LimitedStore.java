package io.kubekv.transport.decorator;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Promise;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Use;
import io.kubekv.transport.threads.RequestThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A store that gives no listing that is too large to be answered in one piece, and no client more
 * sessions than it may have; that takes no more than it has memory for ({@link StoreBound}); that
 * charges changes to the client whose request makes them; and that works on no more large values
 * and listings than there is memory for. Everything else is the store's. What has to wait for that
 * memory waits on a thread of its own, and fails with {@link io.kubekv.OverloadedException} when
 * there is none for too long.
 */
public final class LimitedStore extends DelegatingStore {
  /** Readings of which nothing is known: as many as a compare-and-swap has. */
  private static final int FEW = 4;

  private final Findings findings;
  private final StoreBound bound;
  private final Sessions sessions;

  private LimitedStore(KeyValueStore store, Findings findings, StoreBound bound) {
    super(store);
    this.findings = findings;
    this.bound = bound;
    this.sessions = new LimitedSessions(store.sessions(), bound);
  }

  /**
   * One whose listings are answered in one piece. The store stays the caller's: closing this does
   * nothing.
   *
   * @param maxListBytes of keys and values in one listing
   * @param budgets of the clients, and what they share
   * @param bound of all that the store holds
   */
  public static LimitedStore inOnePiece(
      KeyValueStore store, long maxListBytes, Budgets budgets, StoreBound bound) {
    return inOnePiece(store, maxListBytes, budgets, bound, Findings.AS_IT_IS);
  }

  /**
   * As above, where a value is not as long in the answer as in the store.
   *
   * @param written how many bytes a value is in the answer
   */
  public static LimitedStore inOnePiece(
      KeyValueStore store,
      long maxListBytes,
      Budgets budgets,
      StoreBound bound,
      ToLongFunction<Bytes> written) {
    return new LimitedStore(store, new Findings(budgets, maxListBytes, true, written), bound);
  }

  /** One whose listings are answered in pieces, as fast as they are taken. */
  public static LimitedStore inPieces(KeyValueStore store, Budgets budgets, StoreBound bound) {
    return new LimitedStore(
        store, new Findings(budgets, Long.MAX_VALUE, false, Findings.AS_IT_IS), bound);
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return found(
        inner().list(request, freshness),
        Findings::isSmall,
        listing -> findings.require(findings.size(listing)));
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return found(
        inner().get(key, freshness),
        found -> Findings.isSmall(found.entry()),
        found -> findings.requireRoom(findings.size(found)));
  }

  /**
   * What is found, once there is room for it.
   *
   * @param small what needs none
   */
  private static <T> CompletableFuture<T> found(
      CompletableFuture<T> coming, Predicate<T> small, Consumer<T> require) {
    Supplier<Executor> threads =
        coming.isDone() ? RequestThreads::executor : known(RequestThreads.executor());
    return coming.thenCompose(
        found -> {
          if (small.test(found)) {
            require.accept(found);
            return coming;
          }
          return CompletableFuture.runAsync(() -> require.accept(found), threads.get())
              .thenApply(taken -> found);
        });
  }

  /** That of the thread which asks, where another may bring the answer. */
  private static Supplier<Executor> known(Executor threads) {
    return () -> threads;
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return Promise.of(
        () -> {
          limits().check(request); // what the store will not take costs nobody anything
          long value = request.contentBytes();
          charge(1, request.key().size() + value);
          Optional<StoreBound.Share> share =
              Room.isSmall(value) && replacesLittle(request.key())
                  ? bound.admitAtOnce(request)
                  : Optional.empty();
          if (share.isPresent()) {
            return within(share.get(), () -> inner().put(request));
          }
          return RequestThreads.call(
                  () -> {
                    findings.requireForChange(present(request.key()), value);
                    return bound.admit(request);
                  })
              .thenCompose(admitted -> within(admitted, () -> inner().put(request)));
        });
  }

  private static <T> CompletableFuture<T> within(
      StoreBound.Share share, Supplier<CompletableFuture<T>> change) {
    return Promise.of(change).whenComplete((done, failed) -> share.close());
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return Promise.of(
        () -> {
          limits().check(request.key());
          charge(1, request.key().size());
          return replacesLittle(request.key())
              ? inner().delete(request)
              : RequestThreads.after(
                  () -> findings.requireForChange(present(request.key()), 0),
                  () -> inner().delete(request));
        });
  }

  private boolean replacesLittle(Key key) {
    return bound.known(key).map(found -> Findings.isSmall(found.entry())).orElse(true);
  }

  /** What a change answers with beside what it has made, as far as this server knows. */
  private Findings.Size present(Key key) {
    return bound.known(key).map(findings::size).orElse(Findings.Size.NONE);
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    Optional<Budget> budget = Use.current().flatMap(Use::budget);
    return inner()
        .deleteRange(request)
        .whenComplete(
            (deleted, failed) -> {
              if (failed == null) {
                budget.ifPresent(own -> own.changes(deleted.count(), 0));
              }
            });
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    long changes =
        request.all().stream().filter(TransactionOperation.Changing.class::isInstance).count();
    long values = request.contentBytes();
    Optional<Budget> budget = Use.current().flatMap(Use::budget);
    return Promise.of(
        () -> {
          limits().check(request); // before it is looked at what it would read
          charge(changes, values);
          return changes == 0
              ? found(
                  inner().transact(request),
                  outcome -> findings.unmeasured().size(outcome).isSmall(),
                  outcome -> findings.require(findings.size(outcome)))
              : changed(request, values)
                  .whenComplete(
                      (outcome, failed) -> {
                        if (outcome instanceof TransactionOutcome.Committed committed) {
                          long more = deletedBesideFirst(committed.results());
                          budget.ifPresent(own -> own.changes(more, 0));
                        }
                      });
        });
  }

  /** What deletions of ranges have deleted, but for the one change that each is charged as. */
  private static long deletedBesideFirst(List<TransactionResult> results) {
    long more = 0;
    for (TransactionResult result : results) {
      if (result instanceof RangeDeleted deleted) {
        more += Math.max(0, deleted.count() - 1);
      } else if (result instanceof TransactionResult.Chosen chosen) {
        more += deletedBesideFirst(chosen.results());
      }
    }
    return more;
  }

  private CompletableFuture<TransactionOutcome> changed(TransactionRequest request, long values) {
    Supplier<StoreBound.Share> admission =
        () -> {
          findings.require(expected(request, findings), values);
          return bound.admit(request);
        };
    return isShort(request)
            && Findings.needsNoRoom(expected(request, findings.unmeasured()), values)
        ? within(admission.get(), () -> inner().transact(request))
        : RequestThreads.call(admission)
            .thenCompose(admitted -> within(admitted, () -> inner().transact(request)));
  }

  private static boolean isShort(TransactionRequest request) {
    return request.all().stream().noneMatch(TransactionOperation.ListRange.class::isInstance);
  }

  /**
   * The bytes that a transaction will probably tell: one that changes something cannot be refused
   * afterwards for what it has read. Looks no further once they are too many.
   */
  private Findings.Size expected(TransactionRequest request, Findings by) {
    Findings.Size size = Findings.Size.NONE;
    long unknown = 0;
    for (TransactionOperation operation : request.all()) {
      Optional<Findings.Size> known = expected(operation, by);
      size = by.requireAllowed(size.plus(known.orElse(Findings.Size.NONE)));
      unknown += known.isEmpty() ? 1 : 0;
    }
    if (unknown <= FEW) {
      return size;
    }
    long most = by.atMost(size.written() + unknown * limits().maxValueBytes());
    return size.plus(new Findings.Size(0, unknown, Math.max(0, most - size.written())));
  }

  /** Empty when it is not known what one key has. */
  private Optional<Findings.Size> expected(TransactionOperation operation, Findings by) {
    return switch (operation) {
      case TransactionOperation.ListRange list ->
          Optional.of(by.size(Await.read(inner().list(list.request(), Freshness.STALE))));
      case TransactionOperation.Get get -> expected(get.key(), by);
      case TransactionOperation.Check check -> expected(check.key(), by);
      case TransactionOperation.CheckHolder check -> expected(check.key(), by);
      case TransactionOperation.Delete delete -> expected(delete.request().key(), by);
      case TransactionOperation.Put put -> expected(put.request().key(), by);
      case TransactionOperation.SetMetadata set -> expected(set.key(), by);
      case TransactionOperation.Directory directory -> Optional.of(Findings.Size.NONE);
      case TransactionOperation.CheckSession check -> Optional.of(Findings.Size.NONE);
      case TransactionOperation.DeleteRange delete -> Optional.of(Findings.Size.NONE);
      case TransactionOperation.Choice choice -> Optional.of(Findings.Size.NONE);
    };
  }

  private Optional<Findings.Size> expected(Key key, Findings by) {
    return bound.known(key).map(by::size);
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return Promise.of(
        () -> {
          charge(1, 0);
          return inner().compact(first);
        });
  }

  private static void charge(long changes, long bytes) {
    Use.current().flatMap(Use::budget).ifPresent(budget -> budget.changes(changes, bytes));
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public void close() {
    // the store is not ours
  }
}
