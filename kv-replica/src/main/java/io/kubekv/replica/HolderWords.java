package io.kubekv.replica;

import io.kubekv.engine.log.Announcements;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The announcements of one replica: keeps the newest word of its own for those who follow it, and
 * tells its engine what the holder says to it. How they travel is {@link Following}'s and {@link
 * ReplicasService}'s. Thread-safe.
 */
public final class HolderWords implements Announcements {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private Optional<Word> newest = Optional.empty();
  private volatile Optional<Listener> engine = Optional.empty();

  @Override
  public void announce(Word word) {
    lock.lock();
    try {
      newest = Optional.of(word);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void listen(Listener listener) {
    engine = Optional.of(listener);
  }

  /** The holder says this. */
  void hear(Word word) {
    engine.ifPresent(listener -> listener.announced(word));
  }

  /** The newest that this replica has to say; empty when it never wrote anything. */
  Optional<Word> newest() {
    lock.lock();
    try {
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is other word than this, or the time is over. */
  void awaitOther(Word told, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (newest.equals(Optional.of(told)) && left > 0) {
        left = more.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
