package io.kubekv.memory;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The one lock around the ledger: lets one call look at it at a time, after what is due has ended,
 * and wakes those who wait for a change.
 */
final class Monitor {
  private final Ledger ledger;
  private final LongSupplier ticker;
  private final long origin;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<HistoryWatch> waiting = new HashSet<>();
  private boolean closed;

  /**
   * @param ticker nanoseconds of a clock that never goes back
   * @param patience how long a read waits for a revision that is not reached
   */
  Monitor(Ledger ledger, LongSupplier ticker, Duration patience) {
    this.ledger = ledger;
    this.ticker = ticker;
    this.origin = ticker.getAsLong();
    this.patience = patience;
  }

  /** Nanoseconds since the store was made. */
  long now() {
    return ticker.getAsLong() - origin;
  }

  <T> T read(Freshness freshness, Supplier<T> question) {
    return locked(
        () -> {
          requireOpen();
          expire();
          if (freshness instanceof Freshness.AtLeast atLeast) {
            awaitRevision(atLeast.revision());
          }
          return question.get();
        });
  }

  /** A linearizable answer; empty when another call is looking at the ledger just now. */
  <T> Optional<T> readAtOnce(Supplier<T> question) {
    if (!lock.tryLock()) {
      return Optional.empty();
    }
    try {
      requireOpen();
      expire();
      return Optional.of(question.get());
    } finally {
      lock.unlock();
    }
  }

  <T> T change(Supplier<T> change) {
    return locked(
        () -> {
          requireOpen();
          expire();
          Revision before = ledger.revision();
          T outcome = change.get();
          if (ledger.revision().isAfter(before)) {
            wakeAll();
          }
          return outcome;
        });
  }

  /** What is known whether the store is open or not. */
  <T> T look(Supplier<T> question) {
    return locked(question);
  }

  /** The caller holds the lock. */
  boolean isClosed() {
    return closed;
  }

  /** Ends what is due, and tells the watches. */
  void expireDue() {
    locked(
        () -> {
          expire();
          return closed;
        });
  }

  /** Ends what is due when it is, until the store is closed. */
  void expireUntilClosed() {
    lock.lock();
    try {
      while (!closed) {
        expire();
        changed.awaitNanos(ledger.nanosUntilNext(now()));
      }
    } catch (InterruptedException unexpected) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    locked(
        () -> {
          closed = true;
          wakeAll();
          return closed;
        });
  }

  /** Waits for the next event of a watch. */
  Optional<WatchEvent> await(HistoryWatch watch, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos(atMost);
      while (!watch.ended()) {
        requireOpen();
        expire();
        Optional<WatchEvent> event = watch.poll(ledger);
        if (event.isPresent() || left <= 0) {
          return event;
        }
        waiting.add(watch);
        left = watch.changed().awaitNanos(left);
      }
      return Optional.empty();
    } finally {
      waiting.remove(watch);
      lock.unlock();
    }
  }

  /** Lets a waiting {@link #await} see that its watch was closed. */
  void wake(HistoryWatch watch) {
    locked(
        () -> {
          watch.changed().signal();
          return closed;
        });
  }

  /** Waits until something changes and {@code reached}; false when it has not within the time. */
  boolean await(BooleanSupplier reached, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos(atMost);
      expire();
      while (!closed && !reached.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
        expire();
      }
      return !closed && reached.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** A condition of its own for each watch, so that the end of one does not wake all. */
  Condition newCondition() {
    return lock.newCondition();
  }

  private static long nanos(Duration atMost) {
    return atMost.compareTo(Deadlines.LONGEST) < 0 ? atMost.toNanos() : Long.MAX_VALUE;
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new UnavailableException("the store is closed");
    }
  }

  private void awaitRevision(Revision wanted) {
    long left = patience.toNanos();
    while (ledger.revision().isBefore(wanted)) {
      if (left <= 0) {
        throw new UnavailableException(
            "the store is at revision " + ledger.revision() + ", not yet at " + wanted);
      }
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new UnavailableException("interrupted while waiting for revision " + wanted);
      }
      requireOpen();
      expire();
    }
  }

  private void expire() {
    if (ledger.expire(now())) {
      wakeAll();
    }
  }

  private void wakeAll() {
    changed.signalAll();
    waiting.forEach(watch -> watch.changed().signal());
  }
}
