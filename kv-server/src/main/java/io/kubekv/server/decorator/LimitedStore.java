package io.kubekv.server.decorator;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OverloadedException;
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
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.server.limits.Budgets;
import io.kubekv.server.limits.Limit;
import io.kubekv.server.limits.OverLimitException;
import io.kubekv.server.limits.Room;
import io.kubekv.server.limits.Use;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A store that gives no listing that is too large to be answered in one piece, and no client more
 * sessions than it may have; that charges changes to the client whose request makes them; and that
 * works on no more large values and listings than there is memory for. Everything else is the
 * store's. Methods may block for that memory, and throw {@link io.kubekv.OverloadedException} when
 * there is none for too long; those that never wait are empty then.
 */
public final class LimitedStore implements KeyValueStore {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final KeyValueStore store;
  private final long maxListBytes;
  private final boolean inOnePiece;
  private final Budgets budgets;
  private final Sessions sessions;

  private LimitedStore(
      KeyValueStore store, long maxListBytes, boolean inOnePiece, Budgets budgets) {
    this.store = store;
    this.maxListBytes = maxListBytes;
    this.inOnePiece = inOnePiece;
    this.budgets = budgets;
    this.sessions = new LimitedSessions(store.sessions());
  }

  /**
   * One whose listings are answered in one piece. The store stays the caller's: closing this does
   * nothing.
   *
   * @param maxListBytes of keys and values in one listing
   * @param budgets of the clients, and what they share
   */
  public static LimitedStore inOnePiece(KeyValueStore store, long maxListBytes, Budgets budgets) {
    return new LimitedStore(store, maxListBytes, true, budgets);
  }

  /** One whose listings are answered in pieces, as fast as they are taken. */
  public static LimitedStore inPieces(KeyValueStore store, Budgets budgets) {
    return new LimitedStore(store, Long.MAX_VALUE, false, budgets);
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    Listing listing = store.list(request, freshness);
    long bytes = requireAllowed(listing);
    Optional<Use> use = Use.current().filter(any -> inOnePiece);
    use.ifPresent(own -> own.keep(Room.Part.NONE));
    use.ifPresent(own -> own.keep(part(room -> room.forListing(bytes))));
    return listing;
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    Optional<Listing> listing = store.listAtOnce(request, most);
    return listing.filter(found -> Room.isSmall(requireAllowed(found)));
  }

  /** The bytes of a listing that is not too large. */
  private long requireAllowed(Listing listing) {
    long bytes = 0;
    for (Entry entry : listing.entries()) {
      bytes += entry.key().size() + entry.value().size();
    }
    if (bytes > maxListBytes) {
      budgets.hits().refused(Limit.LIST_BYTES);
      throw new LimitExceededException("list size", "bytes", bytes, maxListBytes);
    }
    return bytes;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    return store.get(key, freshness);
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    return store.getAtOnce(key);
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return store.beginGet(key, executor);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return store.revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    charge(1, request.key().size() + (long) request.value().size());
    try (Room.Part room = part(all -> all.forValues(request.value().size()))) {
      return store.put(request);
    }
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    if (!Room.isSmall(request.value().size())) {
      return Optional.empty();
    }
    Optional<CompletableFuture<PutOutcome>> begun = store.putAtOnce(request, executor);
    begun.ifPresent(put -> charge(1, request.key().size() + (long) request.value().size()));
    return begun;
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    charge(1, request.key().size());
    return store.delete(request);
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    Optional<CompletableFuture<DeleteOutcome>> begun = store.deleteAtOnce(request, executor);
    begun.ifPresent(delete -> charge(1, request.key().size()));
    return begun;
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
        request.operations().stream()
            .filter(TransactionOperation.Changing.class::isInstance)
            .count();
    long values =
        request.operations().stream()
            .filter(TransactionOperation.Put.class::isInstance)
            .mapToLong(put -> ((TransactionOperation.Put) put).request().value().size())
            .sum();
    charge(changes, values);
    try (Room.Part room = part(all -> all.forValues(values))) {
      return store.transact(request);
    }
  }

  /** To a client there is nothing of its own about it: it may as well ask another replica. */
  private Room.Part part(Function<Room, Room.Part> wanted) {
    try {
      return wanted.apply(budgets.room());
    } catch (OverLimitException none) {
      throw new OverloadedException(String.valueOf(none.getMessage()), RETRY);
    }
  }

  private static void charge(long changes, long bytes) {
    Use.current().ifPresent(use -> use.budget().changes(changes, bytes));
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
