package io.kubekv.grpc;

import io.grpc.StatusRuntimeException;
import io.kubekv.Await;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks that clients of this server hold or wait for, and the sessions behind them, which are
 * renewed here as long as their streams are open.
 */
final class KeyLocks {
  private static final Logger log = LoggerFactory.getLogger(KeyLocks.class);
  private static final int TRIES = 3;

  private final KeyValueStore store;
  private final Executor threads;
  private final ConcurrentMap<Key, KeyLock> byKey = new ConcurrentHashMap<>();
  private final Set<Part> parts = ConcurrentHashMap.newKeySet();

  /** Nobody joins any more. Guarded by this. */
  private boolean ended;

  KeyLocks(KeyValueStore store, Executor threads) {
    this.store = store;
    this.threads = threads;
  }

  /** A client's part in a lock; what the client can do with it. */
  static final class Part {
    private final KeyLock lock;
    private final LockWaiter waiter;
    private final CountDownLatch done = new CountDownLatch(1);

    private Part(KeyLock lock, LockWaiter waiter) {
      this.lock = lock;
      this.waiter = waiter;
    }

    /** Frees the key, or gives up waiting for it. May be repeated. */
    void leave() {
      lock.leave(waiter, Optional.empty());
    }

    /** Does the same, for a reason that the client is told. */
    void leave(StatusRuntimeException why) {
      lock.leave(waiter, Optional.of(why));
    }
  }

  /** Begins a session for a lock. */
  Session begin(SessionSpec spec) {
    return twice(() -> Await.change(store.sessions().create(spec)));
  }

  /**
   * A session that a client names, renewed: its client may have done so long ago, and the first of
   * the renewals here comes only after a third of its time to live.
   */
  Optional<Session> takeOn(SessionId id) {
    return twice(() -> Await.change(store.sessions().renew(id)));
  }

  /** Once more when the answer is lost, which is safe: a session's id makes it the same change. */
  private static <T> T twice(Supplier<T> change) {
    try {
      return change.get();
    } catch (OutcomeUnknownException lost) {
      return change.get();
    }
  }

  /**
   * Lets a client wait for a key. Does not block while the server serves.
   *
   * @throws StatusRuntimeException when it stops: then a session that was begun for the lock is
   *     ended
   */
  Part join(Key key, LockWaiter waiter) {
    synchronized (this) {
      if (!ended) {
        return joined(key, waiter);
      }
    }
    if (waiter.owned()) {
      destroy(waiter.session());
    }
    throw stops();
  }

  private static StatusRuntimeException stops() {
    return Errors.toWire(new UnavailableException("the server stops"));
  }

  private Part joined(Key key, LockWaiter waiter) {
    Part[] joined = new Part[1];
    byKey.compute(
        key,
        (same, known) -> {
          KeyLock lock = known == null ? open(key) : known;
          lock.join(waiter);
          joined[0] = new Part(lock, waiter);
          return lock;
        });
    parts.add(joined[0]);
    threads.execute(() -> keep(joined[0]));
    return joined[0];
  }

  int count() {
    return parts.size();
  }

  /**
   * Frees every key, for others go on without this server; what cannot be freed in time is left.
   */
  void end(Duration atMost) throws InterruptedException {
    synchronized (this) {
      ended = true; // who has joined is seen below, whole
    }
    StatusRuntimeException why = stops();
    long deadline = System.nanoTime() + atMost.toNanos();
    parts.forEach(part -> part.leave(why));
    for (Part part : parts) {
      part.done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    byKey.values().forEach(lock -> lock.stop(why));
  }

  private KeyLock open(Key key) {
    KeyLock lock = new KeyLock(store, key, this::retire);
    threads.execute(lock);
    threads.execute(lock.events());
    return lock;
  }

  private boolean retire(KeyLock lock) {
    return byKey.compute(lock.key(), (key, known) -> lock.hasWork() ? known : null) == null;
  }

  /**
   * Renews the session until the client's part is over, and then ends it if it is the lock's own.
   */
  private void keep(Part part) {
    LockWaiter waiter = part.waiter;
    try {
      Duration every =
          waiter.timeToLive().map(time -> time.dividedBy(3)).orElse(Duration.ofDays(1));
      while (!waiter.over().await(Durations.nanos(every), TimeUnit.NANOSECONDS)) {
        if (waiter.timeToLive().isPresent() && !renew(waiter.session())) {
          part.lock.sessionEnded(waiter);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    if (waiter.owned()) {
      destroy(waiter.session());
    }
    parts.remove(part);
    part.done.countDown();
  }

  /** Whether the session lives, as far as can be known: what cannot is asked again in time. */
  private boolean renew(SessionId id) {
    try {
      return Await.change(store.sessions().renew(id)).isPresent();
    } catch (StoreException passing) {
      return true;
    }
  }

  /** Tries to; a session with a time to live that cannot be ended now ends by itself. */
  private void destroy(SessionId id) {
    boolean ended = false;
    for (int i = 0; i < TRIES && !ended; i++) {
      try {
        Await.change(store.sessions().destroy(id));
        ended = true;
      } catch (StoreException failure) {
        log.debug("session {} of a lock could not be ended", id, failure);
      }
    }
  }
}
