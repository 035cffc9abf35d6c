package io.kubekv.client;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client of a kubekv server, for programs.
 *
 * <pre>{@code
 * try (KubekvClient client = KubekvClient.to("127.0.0.1:2390").connect()) {
 *   client.put(PutRequest.of(Key.of("greeting"), Bytes.utf8("hello")));
 * }
 * }</pre>
 *
 * <p>Calls block. Each is over within the deadline ({@link #withDeadline}), tries again included. A
 * call is sent again after a pause when the failure says that nothing was applied (the server is
 * not ready, cannot be reached, or asks for less), and a read also when its connection broke. A
 * change that may have been applied is never sent again: it fails with {@link
 * OutcomeUnknownException}, and the caller reads first, then decides. Other failures are {@link
 * StoreException}s with advice.
 *
 * <p>Thread-safe; one client, with one connection, serves a whole program.
 */
public final class KubekvClient implements AutoCloseable {
  private final RemoteStore store;
  private final ConnectionThread thread;
  private final Retries retries;
  private final RemoteLocks locks;
  private final Set<LiveSession> sessions;
  private final Duration deadline;

  KubekvClient(RemoteStore store, ConnectionThread thread, Duration deadline) {
    this(store, thread, retries(store), ConcurrentHashMap.newKeySet(), deadline);
  }

  private KubekvClient(
      RemoteStore store,
      ConnectionThread thread,
      Retries retries,
      Set<LiveSession> sessions,
      Duration deadline) {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("a deadline is not positive: " + deadline);
    }
    this.store = store;
    this.thread = thread;
    this.retries = retries;
    this.locks = new RemoteLocks(store.calls(), retries);
    this.sessions = sessions;
    this.deadline = deadline;
  }

  private static Retries retries(RemoteStore store) {
    return new Retries(
        Thread::sleep, () -> ThreadLocalRandom.current().nextDouble(), store::isClosed);
  }

  /**
   * Where the server listens; add what else there is to say, and connect.
   *
   * @param target a host and a port, as {@code kubekv.example:2390} or {@code [::1]:2390}
   */
  public static ClientBuilder to(String target) {
    return new ClientBuilder(target);
  }

  /**
   * The same client, each of whose calls is over within this time. Both share the connection; the
   * closing of one closes the other.
   */
  public KubekvClient withDeadline(Duration newDeadline) {
    return new KubekvClient(store, thread, retries, sessions, newDeadline);
  }

  /** The entry of a key, with every change that was acknowledged before the call. */
  public Lookup get(Key key) {
    return get(key, Freshness.LINEARIZABLE);
  }

  /** The entry of a key, as fresh as asked for. */
  public Lookup get(Key key, Freshness freshness) {
    return retries.within(deadline, () -> Await.read(store.get(key, freshness)));
  }

  /** The entries of a range as one snapshot, ordered by key. */
  public Listing list(Range range) {
    return list(ListRequest.of(range), Freshness.LINEARIZABLE);
  }

  /** The entries of a range as one snapshot, as fresh as asked for. */
  public Listing list(ListRequest request, Freshness freshness) {
    return retries.within(deadline, () -> Await.read(store.list(request, freshness)));
  }

  /** Puts one entry. */
  public PutOutcome put(PutRequest request) {
    return retries.within(deadline, () -> Await.change(store.put(request)));
  }

  /** Deletes one entry. */
  public DeleteOutcome delete(DeleteRequest request) {
    return retries.within(deadline, () -> Await.change(store.delete(request)));
  }

  /** Deletes every entry of a range. After a failure some may be left; calling again goes on. */
  public RangeDeleted deleteRange(Range range) {
    return retries.within(deadline, () -> Await.change(store.deleteRange(range)));
  }

  /** Does several operations together or not at all (see {@link KeyValueStore#transact}). */
  public TransactionOutcome transact(TransactionRequest request) {
    return retries.within(deadline, () -> Await.change(store.transact(request)));
  }

  /** Forgets what was before a revision (see {@link KeyValueStore#compact}). */
  public Revision compact(Revision first) {
    return retries.within(deadline, () -> Await.change(store.compact(first)));
  }

  /**
   * Every change of a range, from where the request says. Returns when the server has begun it, so
   * that a change which is made after that comes; the deadline does not bound the watch itself.
   */
  public Changes watch(WatchRequest request) {
    return new Changes(retries.within(deadline, () -> store.watch(request)));
  }

  /**
   * Waits until a key is free, and holds it. Waiters of one key on one server get it in the order
   * in which they came. When the connection breaks meanwhile, it waits anew.
   *
   * @throws InterruptedException when the thread is interrupted; nothing is held then
   * @throws LockRefusedException when waiting does not help
   */
  public HeldLock lock(Key key, LockOptions options) throws InterruptedException {
    return locks
        .acquire(key, options, Optional.empty(), deadline)
        .orElseThrow(() -> new UnavailableException("the server gave up waiting for key " + key));
  }

  /**
   * Holds a key if it gets free in time; empty when it does not.
   *
   * @param atMost how long to wait for other holders; zero: only if it is free now
   */
  public Optional<HeldLock> tryLock(Key key, LockOptions options, Duration atMost)
      throws InterruptedException {
    return locks.acquire(key, options, Optional.of(atMost), deadline);
  }

  /**
   * Begins a session, and renews it until it is closed.
   *
   * @param spec with a time to live: how long the session outlives this program at least
   */
  public LiveSession session(SessionSpec spec) {
    LiveSession session =
        new LiveSession(store.sessions(), retries, spec, deadline, sessions::remove);
    sessions.add(session);
    try {
      session.begin();
      return session;
    } catch (RuntimeException failure) {
      session.abandon();
      throw failure;
    }
  }

  /** How the replica at the other end is, and what it knows of the others. */
  public ReplicaStatus replica() {
    return retries.within(deadline, store::replica);
  }

  /** The same, asked once: that there is no server is known at once. */
  public ReplicaStatus replicaAtOnce() {
    return store.replica();
  }

  /** The port at the other end: all that it can do, each call sent once. Closes with the client. */
  public KeyValueStore store() {
    return store;
  }

  /**
   * Ends watches and waiting calls, and the connection: the server releases the locks that are
   * held. Sessions are renewed no more, and end by their time to live.
   */
  @Override
  public void close() {
    sessions.forEach(LiveSession::abandon);
    store.close();
    thread.close();
  }
}
