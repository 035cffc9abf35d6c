package io.kubekv.server.decorator;

import io.kubekv.Bytes;
import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.server.limits.Budgets;
import io.kubekv.server.limits.Room;
import io.kubekv.server.limits.Use;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;

/**
 * A store that gives no listing that is too large to be answered in one piece, and no client more
 * sessions than it may have; that takes no more than it has memory for ({@link StoreBound}); that
 * charges changes to the client whose request makes them; and that works on no more large values
 * and listings than there is memory for. Everything else is the store's. Methods may block for that
 * memory, and throw {@link io.kubekv.OverloadedException} when there is none for too long; those
 * that never wait are empty then.
 */
public final class LimitedStore implements KeyValueStore {
  /** Readings of which nothing is known: as many as a compare-and-swap has. */
  private static final int FEW = 4;

  private final KeyValueStore store;
  private final Findings findings;
  private final StoreBound bound;
  private final Sessions sessions;

  private LimitedStore(KeyValueStore store, Findings findings, StoreBound bound) {
    this.store = store;
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
  public Listing list(ListRequest request, Freshness freshness) {
    Listing listing = store.list(request, freshness);
    findings.require(findings.size(listing));
    return listing;
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    return store
        .listAtOnce(request, most)
        .filter(Findings::isSmall)
        .filter(listing -> findings.requireAllowed(findings.size(listing)).isSmall());
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    Lookup found = store.get(key, freshness);
    findings.requireRoom(findings.size(found));
    return found;
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    return store.getAtOnce(key).filter(found -> Findings.isSmall(found.entry()));
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return store.beginGet(key, executor).map(coming -> coming.thenApply(LimitedStore::onlySmall));
  }

  /** The room for others is waited for on a thread: they are asked for again there. */
  private static Lookup onlySmall(Lookup found) {
    if (!Findings.isSmall(found.entry())) {
      throw new UnavailableException("the value is large, and read by a thread of its own");
    }
    return found;
  }

  @Override
  public Revision revision(Freshness freshness) {
    return store.revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    charge(1, request.key().size() + (long) request.value().size());
    findings.requireForChange(present(request.key()), request.value().size());
    try (StoreBound.Share share = bound.admit(request)) {
      return store.put(request);
    }
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    if (!Room.isSmall(request.value().size()) || !isSmallAtOnce(request.key())) {
      return Optional.empty();
    }
    Optional<StoreBound.Share> share = bound.admitAtOnce(request);
    Optional<CompletableFuture<PutOutcome>> begun =
        share.flatMap(admitted -> begun(request, executor, admitted));
    begun.ifPresent(put -> charge(1, request.key().size() + (long) request.value().size()));
    return begun;
  }

  private Optional<CompletableFuture<PutOutcome>> begun(
      PutRequest request, Executor executor, StoreBound.Share share) {
    Optional<CompletableFuture<PutOutcome>> begun = Optional.empty();
    try {
      begun = store.putAtOnce(request, executor);
    } finally {
      begun.ifPresentOrElse(put -> put.whenComplete((done, failed) -> share.close()), share::close);
    }
    return begun;
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    charge(1, request.key().size());
    findings.requireForChange(present(request.key()), 0);
    return store.delete(request);
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    if (!isSmallAtOnce(request.key())) {
      return Optional.empty();
    }
    Optional<CompletableFuture<DeleteOutcome>> begun = store.deleteAtOnce(request, executor);
    begun.ifPresent(delete -> charge(1, request.key().size()));
    return begun;
  }

  /** What a change answers with beside what it has made, as far as this server knows. */
  private Findings.Size present(Key key) {
    try {
      return findings.size(bound.present(key));
    } catch (UnavailableException notKnown) {
      return Findings.Size.NONE; // the change itself may wait until it is
    }
  }

  private boolean isSmallAtOnce(Key key) {
    return Findings.isSmall(bound.presentAtOnce(key));
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    RangeDeleted deleted = store.deleteRange(range);
    charge(deleted.count(), 0);
    return deleted;
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    long changes =
        request.all().stream().filter(TransactionOperation.Changing.class::isInstance).count();
    long values = request.puts().stream().mapToLong(put -> put.value().size()).sum();
    charge(changes, values);
    if (changes > 0) {
      findings.require(expected(request), values);
      try (StoreBound.Share share = bound.admit(request)) {
        return store.transact(request);
      }
    }
    TransactionOutcome outcome = store.transact(request);
    findings.require(findings.size(outcome));
    return outcome;
  }

  /**
   * The bytes that a transaction will probably tell: one that changes something cannot be refused
   * afterwards for what it has read.
   */
  private Findings.Size expected(TransactionRequest request) {
    Findings.Size size = Findings.Size.NONE;
    long unknown = 0;
    for (TransactionOperation operation : request.all()) {
      Optional<Findings.Size> known = expected(operation);
      size = size.plus(known.orElse(Findings.Size.NONE));
      unknown += known.isEmpty() ? 1 : 0;
    }
    if (unknown <= FEW) {
      return size;
    }
    long most = findings.atMost(size.written() + unknown * limits().maxValueBytes());
    return size.plus(new Findings.Size(0, unknown, Math.max(0, most - size.written())));
  }

  /** Empty when it is not known what one key has. */
  private Optional<Findings.Size> expected(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.ListRange list ->
          Optional.of(findings.size(store.list(list.request(), Freshness.STALE)));
      case TransactionOperation.Get get -> expected(get.key());
      case TransactionOperation.Check check -> expected(check.key());
      case TransactionOperation.CheckHolder check -> expected(check.key());
      case TransactionOperation.Delete delete -> expected(delete.request().key());
      case TransactionOperation.Put put -> expected(put.request().key());
      case TransactionOperation.DeleteRange delete -> Optional.of(Findings.Size.NONE);
      case TransactionOperation.Choice choice -> Optional.of(Findings.Size.NONE);
    };
  }

  private Optional<Findings.Size> expected(Key key) {
    return store.getAtOnce(key).map(findings::size);
  }

  private static void charge(long changes, long bytes) {
    Use.current().flatMap(Use::budget).ifPresent(budget -> budget.changes(changes, bytes));
  }

  @Override
  public Watch watch(WatchRequest request) {
    return store.watch(request);
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public Limits limits() {
    return store.limits();
  }

  @Override
  public long id() {
    return store.id();
  }

  @Override
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public void close() {
    // the store is not ours
  }
}
