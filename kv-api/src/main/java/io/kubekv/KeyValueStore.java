package io.kubekv;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The one port between the doors that speak a protocol and the backends that keep the keys.
 *
 * <p>Every store keeps these promises; the contract kit tests each one on every store.
 *
 * <ol>
 *   <li><b>Revision.</b> One order of changes for the whole store ({@link Revision}), numbered
 *       without gaps. A new store is at revision 1, and empty. What one call changes has one
 *       revision, whatever the number of keys: a put with the parents that it makes, a delete of a
 *       range, a transaction, the end of a session or of a directory. A put that changes nothing
 *       but is accepted still makes one.
 *   <li><b>Linearizable</b> get, list and writes, unless a read asks for less ({@link Freshness}).
 *       A list is one snapshot and says at which revision it stands.
 *   <li><b>Preconditions</b> are atomic with the change. A refused change is an outcome and carries
 *       the entry that refused it. A call happens whole or not at all, at one moment: a delete of a
 *       range as well as a transaction ({@link #transact}).
 *   <li><b>Watch.</b> Every change from the start on, once, in order, with the previous entry, or
 *       {@link WatchEvent.HistoryGone}; never a silent gap. The events of one revision come
 *       together, so that whoever goes on after a revision has missed nothing ({@link Watch}). Each
 *       names the {@link Author} that its request had.
 *   <li><b>Expiry.</b> Never before the time to live has passed since the last acknowledged put or
 *       refresh; after it, within a bound that the store states. An expiry is a delete whose cause
 *       is {@link Cause#EXPIRE}. Of a refresh and an expiry that race, one wins.
 *   <li><b>Unknown outcomes</b> are named ({@link OutcomeUnknownException}), never guessed.
 *   <li><b>"Not found"</b> is only said by someone who knows; otherwise {@link
 *       UnavailableException}.
 *   <li><b>Limits</b> are errors by name ({@link LimitExceededException}), before anything is
 *       written.
 *   <li><b>Sessions and locks.</b> At most one session that lives holds a key, and each acquisition
 *       has a fencing token higher than those of all revisions before it. A session never ends
 *       before its time, holds nothing from the revision of its end on, and every key that it held
 *       is then released or deleted, and every entry that was attached to it deleted ({@link
 *       Sessions}, {@link LockState}, {@link Attachment}). A fenced put is refused when its key has
 *       seen a higher token.
 *   <li><b>Futures.</b> No verb waits; see below.
 * </ol>
 *
 * <p>All methods are thread-safe. <b>The verbs never wait</b>, so that an event loop may call them:
 * {@link #get}, {@link #list}, {@link #directory}, {@link #revision}, {@link #put}, {@link
 * #delete}, {@link #deleteRange(DeleteRangeRequest)}, {@link #transact}, {@link #compact}, and
 * those of {@link Sessions}. Each returns a future:
 *
 * <ul>
 *   <li>It is complete at once when the answer is known, as that of most reads is. It is always
 *       completed: within what the store's configuration says, and when the store is closed.
 *   <li>It fails with a {@link StoreException}, which is the cause of what {@code get} throws, and
 *       {@link Await#cause} of what dependents see. The call throws nothing, whatever is wrong with
 *       the request.
 *   <li>Its dependents run in the thread that completes it, which may be the one of the store that
 *       all changes pass: they must be short and must not wait. Whatever else is to follow belongs
 *       on the caller's own thread: use the {@code Async} forms with an executor, such as an event
 *       loop. A thread that may wait uses {@link Await}.
 *   <li>Cancelling it only stops waiting: a change goes on.
 * </ul>
 *
 * <p>Every verb fails with {@link UnavailableException} once the store is closed, and {@link
 * #watch} throws it.
 */
public interface KeyValueStore extends AutoCloseable {
  /** The entry of a key. */
  CompletableFuture<Lookup> get(Key key, Freshness freshness);

  /**
   * The entries of a range as one snapshot, ordered by key. An event loop asks with a {@linkplain
   * ListRequest#withLimit limit}, and leaves what is long to a thread.
   */
  CompletableFuture<Listing> list(ListRequest request, Freshness freshness);

  /**
   * What is counted of a directory.
   *
   * @param directory up to and with a {@code /}, or empty; of another text nothing is counted
   */
  CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness);

  /** The revision of the latest change, as fresh as asked for. */
  CompletableFuture<Revision> revision(Freshness freshness);

  /** Puts one entry; with {@link Layout#TREE}, its missing parents first. */
  CompletableFuture<PutOutcome> put(PutRequest request);

  /** Deletes one entry. */
  CompletableFuture<DeleteOutcome> delete(DeleteRequest request);

  /**
   * Deletes every entry of a range, in one change. Of a tree whose top has an entry it is one event
   * ({@link WatchEvent.Delete#below}); otherwise each entry has its own, leaves first, and those of
   * {@link Range.Between} in the order of the keys.
   */
  CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request);

  /** The same by nobody in particular. Not for those who implement a store, or wrap one. */
  default CompletableFuture<RangeDeleted> deleteRange(Range range) {
    return deleteRange(DeleteRangeRequest.of(range));
  }

  /**
   * Does several operations together or not at all, at one moment.
   *
   * <p>The operations are tried in order, each on the state that those before it have left, and
   * nobody else's change comes between. When one is refused it leaves nothing, and those after it
   * are tried all the same, so that the outcome names all that were refused; then nothing of the
   * transaction happens: no change, no revision, no event. The same when the transaction fails with
   * an exception, but for {@link OutcomeUnknownException}.
   *
   * <p>All changes of a transaction have one revision, and each is an event like any other, in the
   * order of the operations; a key that is changed twice has two. No get, list or revision shows
   * the store between two of them, and a watch delivers them together.
   *
   * <p>Fails with {@link LimitExceededException} when there are too many operations, or one is over
   * a limit; before anything is done.
   */
  CompletableFuture<TransactionOutcome> transact(TransactionRequest request);

  /**
   * Forgets what stood before a revision, for good, and what happened before it (etcd v3's
   * compaction): a read at an earlier revision fails with {@link CompactedException}, and a watch
   * that is to begin at an earlier one ends with {@link WatchEvent.HistoryGone}; those that are
   * open go on. No key changes, it takes no revision and is no event. The store asked forgets
   * before it answers, other replicas when they hear of it, all of them for ever.
   *
   * <p>Fails with {@link FutureRevisionException} when the revision has not come, and with {@link
   * CompactedException} when it was asked for before, or a later one was.
   *
   * @param first the first revision that can be read at and watched from, if the store still
   *     remembers it by itself
   * @return the revision of the store at that moment
   */
  CompletableFuture<Revision> compact(Revision first);

  /**
   * Begins a watch; it costs nothing upstream. The caller closes it, and has a thread that may
   * wait.
   */
  Watch watch(WatchRequest request);

  /** The sessions that hold locks, and that entries end with. */
  Sessions sessions();

  /** What this store can do beyond the promises. */
  Set<Capability> capabilities();

  /** What this store accepts. */
  Limits limits();

  /**
   * Names the store: the same on all replicas and after restarts, another after a restore that went
   * back in time. 64 bits, shown in hexadecimal.
   */
  long id();

  /** How the store is now. */
  StoreStatus status();

  /** Ends all watches and waiting calls, and frees what the store opened. May be repeated. */
  @Override
  void close();
}
