package io.kubekv;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The one port between the doors that speak a protocol and the backends that keep the keys.
 *
 * <p>Every store keeps these promises; the contract kit tests each one on every store.
 *
 * <ol>
 *   <li><b>Revision.</b> One order of changes for the whole store ({@link Revision}), numbered
 *       without gaps. What one call changes has one revision, whatever the number of keys: a put
 *       with the parents that it makes, a delete of a range, a transaction, the end of a session or
 *       of a directory. A put that changes nothing but is accepted still makes one.
 *   <li><b>Linearizable</b> get, list and writes, unless a read asks for less ({@link Freshness}).
 *       A list is one snapshot and says at which revision it stands.
 *   <li><b>Preconditions</b> are atomic with the change. A refused change is an outcome and carries
 *       the entry that refused it. A call happens whole or not at all, at one moment: a delete of a
 *       range as well as a transaction ({@link #transact}).
 *   <li><b>Watch.</b> Every change from the start on, once, in order, with the previous entry, or
 *       {@link WatchEvent.HistoryGone}; never a silent gap. The events of one revision come
 *       together, so that whoever goes on after a revision has missed nothing ({@link Watch}).
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
 *       is then released or deleted ({@link Sessions}, {@link LockState}). A fenced put is refused
 *       when its key has seen a higher token.
 * </ol>
 *
 * <p>All methods are thread-safe. Those that read or write block until the store knows the answer,
 * at most as long as its configuration says; call them on virtual threads. A thread that is
 * interrupted while it waits gets {@link UnavailableException} when nothing was sent and {@link
 * OutcomeUnknownException} when a change may have been, and stays interrupted. Every method but
 * {@link #status} and {@link #close} fails with {@link UnavailableException} once the store is
 * closed.
 */
public interface KeyValueStore extends AutoCloseable {
  /** The entry of a key. */
  Lookup get(Key key, Freshness freshness);

  /**
   * A linearizable {@link #get} that never waits, so that an event loop may call it: empty when the
   * store would have to wait, or cannot tell. Then {@code get} has the answer; an answer that is
   * here is one that {@code get} could have given in the same moment, never an older one.
   */
  default Optional<Lookup> getAtOnce(Key key) {
    return Optional.empty();
  }

  /**
   * Begins a linearizable {@link #get} that is answered somewhere else, so that an event loop may
   * ask for it. Never waits: empty when it is answered here, or cannot be begun.
   *
   * @param executor where it is completed, as that of {@link #putAtOnce}
   * @return completed with what {@code get} returns, or with its failure, which dependents see
   *     wrapped; it is tried once, so that {@code get} may yet succeed after an {@link
   *     UnavailableException}
   */
  default Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return Optional.empty();
  }

  /** The entries of a range as one snapshot, ordered by key. */
  Listing list(ListRequest request, Freshness freshness);

  /**
   * A linearizable {@link #list} that never waits and is short, as {@link #getAtOnce}: empty also
   * when it would have more than {@code most} entries and prefixes.
   */
  default Optional<Listing> listAtOnce(ListRequest request, int most) {
    return Optional.empty();
  }

  /** The revision of the latest change, as fresh as asked for. */
  Revision revision(Freshness freshness);

  /** Puts one entry; with {@link Layout#TREE}, its missing parents first. */
  PutOutcome put(PutRequest request);

  /**
   * Begins a {@link #put} that needs no thread, so that an event loop may call it. Never waits:
   * empty when it would have to before it begins; then nothing was done, and {@code put} does it.
   *
   * @param executor where the put is completed if nothing unusual happens: that of the caller's own
   *     loop saves a change of threads. Who is told elsewhere must not be held up either
   * @return completed with what {@code put} returns or throws, which dependents see wrapped
   */
  default Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    return Optional.empty();
  }

  /** Deletes one entry. */
  DeleteOutcome delete(DeleteRequest request);

  /** Begins a {@link #delete} as {@link #putAtOnce} begins a put. */
  default Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    return Optional.empty();
  }

  /**
   * Deletes every entry of a range, in one change. Of a tree whose top has an entry it is one event
   * ({@link WatchEvent.Delete#below}); otherwise each entry has its own, leaves first.
   */
  RangeDeleted deleteRange(Range range);

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
   * @throws LimitExceededException when there are too many operations, or one is over a limit;
   *     before anything is done
   */
  TransactionOutcome transact(TransactionRequest request);

  /** Begins a watch; it costs nothing upstream. The caller closes it. */
  Watch watch(WatchRequest request);

  /** The sessions that hold locks. */
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
