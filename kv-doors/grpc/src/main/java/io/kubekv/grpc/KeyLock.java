package io.kubekv.grpc;

import io.grpc.StatusRuntimeException;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.v1.Kv.LockResponse.Lost;
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
  private final KeyValueStore store;
  private final Key key;
  private final Predicate<KeyLock> retired;
  private final BlockingQueue<Runnable> told = new LinkedBlockingQueue<>();
  private final KeyEvents events;
  private final LockQueue waiting = new LockQueue();
  private @Nullable LockWaiter holder;
  private final KnownKey known;
  private boolean stopped;
  private boolean looking;
  private final LockPause pause = new LockPause();
  private Refused.Reason refusedBy = Refused.Reason.HELD;

  /**
   * @param retired asked when nobody holds the key or waits for it; true ends the thread
   */
  KeyLock(KeyValueStore store, Key key, Predicate<KeyLock> retired) {
    this.store = store;
    this.key = key;
    this.retired = retired;
    this.known = new KnownKey(key);
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
            waiter.waiting(known.entry());
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
            waiter.notAcquired(known.refusal(Refused.Reason.NO_SESSION));
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
          waiting.failAll(why);
          Optional.ofNullable(holder).ifPresent(held -> held.failed(why));
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
        retryWhenDue();
        waiting.removeLate().forEach(each -> each.notAcquired(known.refusal(refusedBy)));
        over = holder == null && waiting.isEmpty() && retired.test(this);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      events.close();
    }
  }

  private long nanosToWait() {
    return Math.max(0, Math.min(pause.nanosLeft(), waiting.nanosLeft()));
  }

  private void retryWhenDue() {
    if (stopped || !pause.endIfDue()) {
      return;
    }
    if (looking) {
      look();
    }
    LockWaiter held = holder;
    if (held != null && held.leaving()) {
      release(held);
    } else {
      grant();
    }
  }

  /** The key as it is, because the watch does not say what happened before it began. */
  private void look() {
    looking = false;
    try {
      observe(KeyChange.of(Await.read(store.get(key, Freshness.LINEARIZABLE))));
    } catch (StoreException failure) {
      looking = true;
      pause.afterFailure();
    }
  }

  private void changed() {
    events.take().ifPresent(this::observe);
  }

  private void observe(KeyChange change) {
    if (!change.revision().isAfter(known.revision())) {
      return;
    }
    known.is(change.entry(), change.revision());
    pause.keyChanged();
    LockWaiter held = holder;
    if (held != null && !held.holds(change.entry())) {
      lose(held, change.loss(held.session(), store.sessions()));
    } else {
      grant();
    }
  }

  private void lose(LockWaiter held, Lost.Reason reason) {
    holder = null;
    if (held.leaving()) {
      held.released();
    } else {
      held.lost(reason, known.revision());
    }
    grant();
  }

  /** Gives the key to the first who waits, unless it is known to be another's. */
  private void grant() {
    while (holder == null && !waiting.isEmpty() && !pause.isOn()) {
      LockWaiter next = waiting.first().orElseThrow();
      if (known.isDirectory()) {
        waiting.remove(next);
        next.notAcquired(known.refusal(Refused.Reason.IS_DIRECTORY));
        continue;
      }
      if (known.isOfOtherThan(next.session())) {
        refusedBy = Refused.Reason.HELD;
        return;
      }
      attempt(next, new Locking.Acquire(next.session()), () -> take(next));
    }
  }

  private void take(LockWaiter next) {
    holder = next;
    waiting.remove(next);
    next.acquired(known.entry().orElseThrow());
  }

  /**
   * Frees the key: for the first who waits, in the same put, or for anybody; or its session does.
   */
  private void release(LockWaiter held) {
    while (holder == held && !pause.isOn()) {
      Optional<LockWaiter> next = waiting.first();
      if (held.endsDelayed()) {
        free(held);
      } else if (next.isPresent()) {
        handOver(held, next.get());
      } else if (held.deletes()) {
        free(held);
      } else {
        attempt(held, new Locking.Release(held.session()), () -> free(held));
      }
    }
  }

  private void handOver(LockWaiter held, LockWaiter next) {
    attempt(
        next,
        new Locking.HandOver(held.session(), next.session()),
        () -> {
          free(held);
          take(next);
        });
  }

  private void free(LockWaiter held) {
    holder = null;
    held.released();
  }

  /** One put; what follows from its outcome. */
  private void attempt(LockWaiter of, Locking locking, Runnable done) {
    try {
      switch (Await.change(store.put(known.request(of.wish(), locking)))) {
        case PutOutcome.Stored stored -> {
          known.is(Optional.of(stored.entry()), stored.entry().modifyRevision());
          done.run();
        }
        case Refused refused -> refused(of, refused);
      }
    } catch (OutcomeUnknownException unknown) {
      of.attemptIsUncertain();
      pause.afterFailure();
    } catch (UnavailableException | OverloadedException passing) {
      pause.afterFailure();
    } catch (StoreException failure) {
      waiting.remove(of);
      if (holder == of) {
        holder = null;
      }
      of.failed(Answers.status(failure));
    }
  }

  private void refused(LockWaiter of, Refused refused) {
    known.is(refused.entry(), refused.revision());
    switch (refused.reason()) {
      case LOCK_DELAYED -> {
        refusedBy = refused.reason();
        refused.delay().ifPresentOrElse(pause::duringDelay, pause::afterFailure);
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
      case IS_DIRECTORY, NOT_A_DIRECTORY, NOT_EMPTY, FENCED, NO_PARENT, EPHEMERAL_PARENT -> {
        waiting.remove(of);
        of.notAcquired(refused);
      }
    }
  }
}
