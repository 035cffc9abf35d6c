package io.kubekv.server.access;

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
import io.kubekv.PermissionDeniedException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreException;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A store as one client may see it: whatever is asked for is allowed first, all of it, or nothing
 * is done. A list, a watch and a range delete need a grant of their whole range. A change needs the
 * right to read what it changes, too, because its answer tells what was there. Revision, id, limits
 * and status are everybody's who is let in.
 *
 * <p>Every method may fail with a {@link PermissionDeniedException} besides. What begins at once
 * does so only where it is known to be allowed; otherwise it is empty, and the call that waits
 * decides.
 */
public final class GuardedStore implements KeyValueStore {
  private final KeyValueStore store;
  private final Access access;
  private final Sessions sessions;

  /** The store stays the caller's: closing this does nothing. */
  public GuardedStore(KeyValueStore store, Access access) {
    this.store = store;
    this.access = access;
    this.sessions = new GuardedSessions(store.sessions(), access);
  }

  /**
   * The same view for what a door looks up by itself, to word an answer: what is denied is not
   * counted and written down as the client's.
   *
   * @param view what a door was given, guarded or not
   */
  public static KeyValueStore forOwnLookups(KeyValueStore view) {
    return view instanceof GuardedStore guarded
        ? new GuardedStore(guarded.store, guarded.access.unrecorded())
        : view;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    access.require(Verb.GET, key);
    return store.get(key, freshness);
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    return access.isKnown(Verb.GET, key) ? store.getAtOnce(key) : Optional.empty();
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return access.isKnown(Verb.GET, key) ? store.beginGet(key, executor) : Optional.empty();
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    access.require(Verb.GET, request.range());
    return store.list(request, freshness);
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    return access.isKnown(Verb.GET, request.range())
        ? store.listAtOnce(request, most)
        : Optional.empty();
  }

  @Override
  public Revision revision(Freshness freshness) {
    return store.revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    Range keys = request.range();
    access.requireChange(Verb.PUT, keys);
    return told(
        Verb.PUT,
        keys,
        () -> seen(request.key(), store.put(request), this::isVisible),
        GuardedStore::changedAt);
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    return isKnownChange(Verb.PUT, request.range())
        ? store
            .putAtOnce(request, executor)
            .map(
                coming ->
                    coming.thenApply(outcome -> seen(request.key(), outcome, this::isKnownVisible)))
            .map(coming -> told(Verb.PUT, request.range(), coming, GuardedStore::changedAt))
        : Optional.empty();
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    Range key = new Range.Exact(request.key());
    access.requireChange(Verb.DELETE, key);
    if (request.directory()) {
      access.require(Verb.GET, below(request));
    }
    return told(
        Verb.DELETE,
        key,
        () -> seen(request.key(), store.delete(request), this::isVisible),
        GuardedStore::changedAt);
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    return isKnownChange(Verb.DELETE, new Range.Exact(request.key()))
            && (!request.directory() || access.isKnown(Verb.GET, below(request)))
        ? store
            .deleteAtOnce(request, executor)
            .map(
                coming ->
                    coming.thenApply(outcome -> seen(request.key(), outcome, this::isKnownVisible)))
            .map(
                coming ->
                    told(
                        Verb.DELETE,
                        new Range.Exact(request.key()),
                        coming,
                        GuardedStore::changedAt))
        : Optional.empty();
  }

  /** Whether a directory may be deleted tells whether anything is there. */
  static Range below(DeleteRequest request) {
    return new Range.WithPrefix(request.key().below());
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    access.requireChange(Verb.DELETE, range);
    return told(
        Verb.DELETE,
        range,
        () -> store.deleteRange(range),
        deleted -> deleted.count() == 0 ? Optional.empty() : Optional.of(deleted.revision()));
  }

  private boolean isVisible(Key key) {
    return access.allows(Verb.GET, new Range.Exact(key));
  }

  private boolean isKnownVisible(Key key) {
    return access.isKnown(Verb.GET, key);
  }

  private static PutOutcome seen(Key key, PutOutcome outcome, Predicate<Key> visible) {
    return outcome instanceof Refused refused ? Redaction.of(refused, key, visible) : outcome;
  }

  private static DeleteOutcome seen(Key key, DeleteOutcome outcome, Predicate<Key> visible) {
    return outcome instanceof Refused refused ? Redaction.of(refused, key, visible) : outcome;
  }

  private static Optional<Revision> changedAt(PutOutcome outcome) {
    return outcome instanceof PutOutcome.Stored stored
        ? Optional.of(stored.entry().modifyRevision())
        : Optional.empty();
  }

  private static Optional<Revision> changedAt(DeleteOutcome outcome) {
    return outcome instanceof DeleteOutcome.Deleted deleted
        ? Optional.of(deleted.revision())
        : Optional.empty();
  }

  /** Makes a change, and has what became of it written down. */
  private <T> T told(
      Verb verb, Range range, Supplier<T> change, Function<T, Optional<Revision>> revision) {
    T outcome;
    try {
      outcome = change.get();
    } catch (StoreException failure) {
      access.done(verb, range, Audit.Outcome.FAILED, Optional.empty());
      throw failure;
    }
    told(verb, range, revision.apply(outcome));
    return outcome;
  }

  /** The same of one that was begun. */
  private <T> CompletableFuture<T> told(
      Verb verb,
      Range range,
      CompletableFuture<T> coming,
      Function<T, Optional<Revision>> revision) {
    return coming.whenComplete(
        (outcome, failed) -> {
          if (failed == null) {
            told(verb, range, revision.apply(outcome));
          } else {
            access.done(verb, range, Audit.Outcome.FAILED, Optional.empty());
          }
        });
  }

  private void told(Verb verb, Range range, Optional<Revision> revision) {
    Audit.Outcome outcome = revision.isPresent() ? Audit.Outcome.DONE : Audit.Outcome.REFUSED;
    access.done(verb, range, outcome, revision);
  }

  private boolean isKnownChange(Verb verb, Range range) {
    return access.isKnown(verb, range) && access.isKnown(Verb.GET, range);
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    GuardedTransaction guarded = new GuardedTransaction(request, access);
    guarded.require(store.limits());
    return guarded.told(store.transact(request));
  }

  @Override
  public Watch watch(WatchRequest request) {
    access.require(Verb.GET, request.range());
    GuardedWatch watch =
        new GuardedWatch(
            store.watch(request), key -> request.range().contains(key) || isVisible(key));
    watch.right().take(access.hold(Verb.GET, request.range(), watch::revoke));
    return watch;
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
