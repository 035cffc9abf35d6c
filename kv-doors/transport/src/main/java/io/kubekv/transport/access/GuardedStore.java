package io.kubekv.transport.access;

import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Prefix;
import io.kubekv.Promise;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.transport.threads.RequestThreads;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store as one client may see it: whatever is asked for is allowed first, all of it, or nothing
 * is done. A list, a watch and a range delete need a grant of their whole range. A change needs the
 * right to read what it changes, too, because its answer tells what was there. Revision, id, limits
 * and status are everybody's who is let in.
 *
 * <p>Every verb may fail with a {@link PermissionDeniedException} besides. What is not known to be
 * allowed is asked on a thread of its own.
 */
public final class GuardedStore extends DelegatingStore {
  private final Access access;
  private final Sessions sessions;

  /** The store stays the caller's: closing this does nothing. */
  public GuardedStore(KeyValueStore store, Access access) {
    super(store);
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
        ? new GuardedStore(guarded.inner(), guarded.access.unrecorded())
        : view;
  }

  /** Makes a call once it is allowed. */
  private static <T> CompletableFuture<T> allowed(
      boolean known, Runnable require, Supplier<CompletableFuture<T>> call) {
    return known ? call.get() : RequestThreads.after(require, call);
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return allowed(
        access.isKnown(Verb.GET, key),
        () -> access.require(Verb.GET, key),
        () -> inner().get(key, freshness));
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return allowed(
        access.isKnown(Verb.GET, request.range()),
        () -> access.require(Verb.GET, request.range()),
        () -> inner().list(request, freshness));
  }

  /** The counts tell of every key that is or was in it. */
  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    Range range = new Range.WithPrefix(directory);
    return allowed(
        access.isKnown(Verb.GET, range),
        () -> access.require(Verb.GET, range),
        () -> inner().directory(directory, freshness));
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    Range keys = request.range();
    return allowed(
        isKnownChange(Verb.PUT, keys),
        () -> access.requireChange(Verb.PUT, keys),
        () ->
            told(
                Verb.PUT,
                keys,
                inner().put(request),
                outcome -> made(outcome).orElse(keys),
                outcome -> seen(request.key(), outcome),
                GuardedStore::changedAt));
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    Range key = new Range.Exact(request.key());
    return allowed(
        isKnownChange(Verb.DELETE, key)
            && (!request.tellsOfBelow() || access.isKnown(Verb.GET, below(request))),
        () -> {
          access.requireChange(Verb.DELETE, key);
          if (request.tellsOfBelow()) {
            access.require(Verb.GET, below(request));
          }
        },
        () ->
            told(
                Verb.DELETE,
                key,
                inner().delete(request),
                outcome -> seen(request.key(), outcome),
                GuardedStore::changedAt));
  }

  /** Whether a directory may be deleted tells whether anything is there. */
  static Range below(DeleteRequest request) {
    return new Range.WithPrefix(request.key().below());
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    Range range = request.range();
    return allowed(
        isKnownChange(Verb.DELETE, range),
        () -> access.requireChange(Verb.DELETE, range),
        () ->
            told(
                Verb.DELETE,
                range,
                inner().deleteRange(request),
                deleted -> deleted,
                deleted ->
                    deleted.count() == 0 ? Optional.empty() : Optional.of(deleted.revision())));
  }

  /** Whether a key may be shown; an event loop, which cannot wait, shows what is known to be. */
  private boolean isVisible(Key key) {
    return Thread.currentThread().isVirtual()
        ? access.allows(Verb.GET, new Range.Exact(key))
        : access.isKnown(Verb.GET, key);
  }

  private PutOutcome seen(Key key, PutOutcome outcome) {
    return outcome instanceof Refused refused
        ? Redaction.of(refused, key, this::isVisible)
        : outcome;
  }

  private DeleteOutcome seen(Key key, DeleteOutcome outcome) {
    return outcome instanceof Refused refused
        ? Redaction.of(refused, key, this::isVisible)
        : outcome;
  }

  /** The key that a put has made, which the store may have named. */
  private static Optional<Range> made(PutOutcome outcome) {
    return outcome instanceof PutOutcome.Stored stored
        ? Optional.of(made(stored))
        : Optional.empty();
  }

  static Range made(PutOutcome.Stored stored) {
    return new Range.Exact(stored.entry().key());
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

  /** Has what became of a change written down, before it is told as the client may see it. */
  private <T> CompletableFuture<T> told(
      Verb verb,
      Range range,
      CompletableFuture<T> coming,
      UnaryOperator<T> seen,
      Function<T, Optional<Revision>> revision) {
    return told(verb, range, coming, outcome -> range, seen, revision);
  }

  /**
   * The same.
   *
   * @param range what was asked for
   * @param changed what has become of that
   */
  private <T> CompletableFuture<T> told(
      Verb verb,
      Range range,
      CompletableFuture<T> coming,
      Function<T, Range> changed,
      UnaryOperator<T> seen,
      Function<T, Optional<Revision>> revision) {
    return then(
        coming,
        (outcome, failed) -> {
          if (failed != null) {
            access.done(verb, range, Audit.Outcome.FAILED, Optional.empty());
            return CompletableFuture.failedFuture(failed);
          }
          told(verb, changed.apply(outcome), revision.apply(outcome));
          return CompletableFuture.completedFuture(seen.apply(outcome));
        });
  }

  /** What is to be done with an answer takes writing a file, which no thread of the store does. */
  @SuppressWarnings("FutureReturnValueIgnored") // the inner future is what is returned
  private static <T> CompletableFuture<T> then(
      CompletableFuture<T> coming, BiFunction<T, @Nullable Throwable, CompletableFuture<T>> next) {
    CompletableFuture<CompletableFuture<T>> told =
        coming.isDone()
            ? coming.handle(next)
            : coming.handleAsync(next, RequestThreads.following());
    return told.thenCompose(outcome -> outcome);
  }

  private void told(Verb verb, Range range, Optional<Revision> revision) {
    Audit.Outcome outcome = revision.isPresent() ? Audit.Outcome.DONE : Audit.Outcome.REFUSED;
    access.done(verb, range, outcome, revision);
  }

  private boolean isKnownChange(Verb verb, Range range) {
    return access.isKnown(verb, range) && access.isKnown(Verb.GET, range);
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    GuardedTransaction guarded = new GuardedTransaction(request, access);
    return Promise.of(
        () -> {
          guarded.requireWithin(limits());
          return allowed(
              guarded.isKnown(),
              guarded::require,
              () ->
                  then(
                      inner().transact(request),
                      (outcome, failed) -> {
                        if (failed != null) {
                          guarded.failed();
                          return CompletableFuture.failedFuture(failed);
                        }
                        return CompletableFuture.completedFuture(
                            guarded.told(outcome, this::isVisible));
                      }));
        });
  }

  /** What is forgotten may be of any key: who may delete all of them may forget it. */
  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return allowed(
        isKnownChange(Verb.DELETE, Range.all()),
        () -> access.requireChange(Verb.DELETE, Range.all()),
        () ->
            then(
                inner().compact(first),
                (revision, failed) -> {
                  access.compacted(failed == null ? Audit.Outcome.DONE : Audit.Outcome.FAILED);
                  return failed == null
                      ? CompletableFuture.completedFuture(revision)
                      : CompletableFuture.failedFuture(failed);
                }));
  }

  @Override
  public Watch watch(WatchRequest request) {
    access.require(Verb.GET, request.range());
    GuardedWatch watch =
        new GuardedWatch(
            inner().watch(request), key -> request.range().contains(key) || isVisible(key));
    watch.right().take(access.hold(Verb.GET, request.range(), watch::revoke));
    return watch;
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
