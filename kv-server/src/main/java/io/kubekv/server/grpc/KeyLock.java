package io.kubekv.server.grpc;

import io.grpc.StatusRuntimeException;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.v1.Kv.LockResponse.Lost;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one key, for the clients of this server: who holds it and who waits, first come,
 * first served. One thread does it all, in the order in which it is told; a release that somebody
 * waits for is one put, which hands the key over. Elsewhere others may want the same key: a watch
 * says when it is free.
 *
 * <p>Every put here can be sent again: the holder acquires anew what it holds already, with the
 * same token, and a release of what is not held is refused. So a lost answer needs no care but
 * another try.
 */
final class KeyLock implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final KeyValueStore store;
  private final Key key;
  private final Predicate<KeyLock> retired;
  private final BlockingQueue<Runnable> told = new LinkedBlockingQueue<>();
  private final KeyEvents events;
  private final Deque<LockWaiter> waiting = new ArrayDeque<>();
  private @Nullable LockWaiter holder;
  private Optional<Entry> current = Optional.empty();
  private Revision seen = Revision.ZERO;
  private boolean stopped;
  private boolean retrying;
  private long retryNanos;
  private Refused.Reason refusedBy = Refused.Reason.HELD;

  /**
   * @param retired asked when nobody holds the key or waits for it; true ends the thread
   */
  KeyLock(KeyValueStore store, Key key, Predicate<KeyLock> retired) {
    this.store = store;
    this.key = key;
    this.retired = retired;
    this.events =
        new KeyEvents(store, key, () -> told.add(this::look), () -> told.add(this::changed));
  }

  Key key() {
    return key;
  }

  KeyEvents events() {
    return events;
  }

  /** A client wants the key. Any thread, as the next two. */
  void join(LockWaiter waiter) {
    told.add(
        () -> {
          waiting.add(waiter);
          grant();
          if (holder != waiter && !waiter.isOver()) {
            waiter.waiting(current);
          }
        });
  }

  /** A client is to be without the key; {@code why} is the error to tell, if it is one. */
  void leave(LockWaiter waiter, Optional<StatusRuntimeException> why) {
    told.add(
        () -> {
          waiter.leave(why);
          if (waiting.remove(waiter)) {
            waiter.released();
          } else if (holder == waiter) {
            release(waiter);
          }
        });
  }

  /** The client's session has ended. */
  void sessionEnded(LockWaiter waiter) {
    told.add(
        () -> {
          if (waiting.remove(waiter)) {
            waiter.notAcquired(new Refused(Refused.Reason.NO_SESSION, current, seen));
          } else if (holder == waiter) {
            lose(waiter, Lost.Reason.REASON_SESSION_ENDED);
          }
        });
  }

  /** Leaves everything as it is. */
  void stop(StatusRuntimeException why) {
    told.add(
        () -> {
          stopped = true;
          waiting.forEach(waiter -> waiter.failed(why));
          LockWaiter held = holder;
          if (held != null) {
            held.failed(why);
          }
        });
  }

  /** Whether somebody was told something that has not been done yet. */
  boolean hasWork() {
    return !told.isEmpty();
  }

  @Override
  public void run() {
    try {
      boolean over = false;
      while (!over && !stopped) {
        Runnable next = told.poll(nanosToWait(), TimeUnit.NANOSECONDS);
        if (next != null) {
          next.run();
        }
        if (!stopped) {
          retryWhenDue();
          giveUpWaiting();
        }
        over = holder == null && waiting.isEmpty() && retired.test(this);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      events.close();
    }
  }

  private long nanosToWait() {
    long left = retrying ? retryNanos - System.nanoTime() : Long.MAX_VALUE;
    for (LockWaiter waiter : waiting) {
      left = Math.min(left, waiter.nanosLeft());
    }
    return Math.max(0, left);
  }

  private void retryWhenDue() {
    if (!retrying || retryNanos - System.nanoTime() > 0) {
      return;
    }
    retrying = false;
    LockWaiter held = holder;
    if (held != null && held.leaving()) {
      release(held);
    } else {
      grant();
    }
  }

  private void giveUpWaiting() {
    List<LockWaiter> late = new ArrayList<>();
    waiting.stream().filter(waiter -> waiter.nanosLeft() <= 0).forEach(late::add);
    for (LockWaiter waiter : late) {
      waiting.remove(waiter);
      waiter.notAcquired(new Refused(refusedBy, current, seen));
    }
  }

  /** The key as it is, because the watch does not say what happened before it began. */
  private void look() {
    try {
      Lookup lookup = store.get(key, Freshness.LINEARIZABLE);
      observe(lookup.entry(), lookup.revision(), Optional.empty());
    } catch (StoreException failure) {
      retrySoon();
    }
  }

  private void changed() {
    events
        .take()
        .ifPresent(
            event -> {
              switch (event) {
                case WatchEvent.Put put ->
                    observe(Optional.of(put.entry()), put.revision(), Optional.of(put.cause()));
                case WatchEvent.Delete delete ->
                    observe(Optional.empty(), delete.revision(), Optional.of(delete.cause()));
                case WatchEvent.Progress progress -> {}
                case WatchEvent.HistoryGone gone -> {}
              }
            });
  }

  private void observe(Optional<Entry> entry, Revision at, Optional<Cause> cause) {
    if (!at.isAfter(seen)) {
      return;
    }
    know(entry, at);
    LockWaiter held = holder;
    if (held != null && !held.holds(entry)) {
      lose(held, reason(entry, cause));
    } else {
      grant();
    }
  }

  private static Lost.Reason reason(Optional<Entry> entry, Optional<Cause> cause) {
    if (cause.isPresent() && cause.get() == Cause.SESSION_END) {
      return Lost.Reason.REASON_SESSION_ENDED;
    }
    return entry.isPresent() ? Lost.Reason.REASON_TAKEN : Lost.Reason.REASON_DELETED;
  }

  private void lose(LockWaiter held, Lost.Reason reason) {
    holder = null;
    held.lost(reason, seen);
    grant();
  }

  private void know(Optional<Entry> entry, Revision at) {
    current = entry;
    seen = Revision.max(seen, at);
  }

  /** Gives the key to the first who waits, unless it is known to be another's. */
  private void grant() {
    while (holder == null && !waiting.isEmpty() && !retrying) {
      LockWaiter next = waiting.getFirst();
      if (isAnothers(next)) {
        refusedBy = Refused.Reason.HELD;
        return;
      }
      attempt(next, new Locking.Acquire(next.session()), () -> take(next));
    }
  }

  private boolean isAnothers(LockWaiter next) {
    return current
        .flatMap(entry -> entry.lock().holder())
        .filter(session -> !session.equals(next.session()))
        .isPresent();
  }

  private void take(LockWaiter next) {
    holder = next;
    waiting.remove(next);
    next.acquired(current.orElseThrow());
  }

  /** Frees the key: for the first who waits, in the same put, or for anybody. */
  private void release(LockWaiter held) {
    while (holder == held && !retrying) {
      LockWaiter next = waiting.peekFirst();
      if (next == null && held.deletes()) {
        holder = null;
        held.released();
      } else if (next == null) {
        attempt(held, new Locking.Release(held.session()), () -> free(held));
      } else {
        attempt(
            next,
            new Locking.HandOver(held.session(), next.session()),
            () -> {
              free(held);
              take(next);
            });
      }
    }
  }

  private void free(LockWaiter held) {
    holder = null;
    held.released();
  }

  /** One put; what follows from its outcome. */
  private void attempt(LockWaiter of, Locking locking, Runnable done) {
    try {
      switch (store.put(request(of, locking))) {
        case PutOutcome.Stored stored -> {
          know(Optional.of(stored.entry()), stored.entry().modifyRevision());
          done.run();
        }
        case Refused refused -> refused(of, refused);
      }
    } catch (UnavailableException | OverloadedException | OutcomeUnknownException passing) {
      retrySoon();
    } catch (StoreException failure) {
      waiting.remove(of);
      if (holder == of) {
        holder = null;
      }
      of.failed(Answers.status(failure));
    }
  }

  private void refused(LockWaiter of, Refused refused) {
    know(refused.entry(), refused.revision());
    switch (refused.reason()) {
      case LOCK_DELAYED -> {
        refusedBy = refused.reason();
        retrySoon();
      }
      case NO_SESSION -> {
        waiting.remove(of);
        of.notAcquired(refused);
      }
      case NOT_HELD -> {
        LockWaiter held = holder;
        holder = null;
        if (held != null) {
          held.released();
        }
        grant();
      }
      case HELD, EXISTS, MISSING, CHANGED -> {}
      case IS_DIRECTORY, NOT_A_DIRECTORY, NOT_EMPTY, FENCED -> {
        waiting.remove(of);
        of.notAcquired(refused);
      }
    }
  }

  /** The client's value, or what is there, if it is still there. */
  private PutRequest request(LockWaiter of, Locking locking) {
    boolean frees = locking instanceof Locking.Release;
    if (of.wish().value().isPresent() && !frees) {
      return PutRequest.of(key, of.wish().value().get())
          .withFlags(of.wish().flags())
          .withLocking(locking);
    }
    if (current.isEmpty()) {
      return PutRequest.of(key, Bytes.EMPTY)
          .withPrecondition(Precondition.ABSENT)
          .withLocking(locking);
    }
    Entry entry = current.get();
    PutRequest same =
        PutRequest.of(key, entry.value())
            .withFlags(entry.flags())
            .withPrecondition(new Precondition.RevisionIs(entry.modifyRevision()))
            .withLocking(locking);
    return entry.expiry().map(Expiry::timeToLive).map(same::withTimeToLive).orElse(same);
  }

  private void retrySoon() {
    retrying = true;
    retryNanos = System.nanoTime() + PAUSE.toNanos();
  }
}
