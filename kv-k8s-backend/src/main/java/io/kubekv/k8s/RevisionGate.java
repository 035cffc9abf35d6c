package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A revision that moves on, and those who wait for it to come. Thread-safe. */
final class RevisionGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private volatile Revision now = Revision.ZERO;
  private volatile int waiting;
  private volatile boolean closed;

  Revision now() {
    return now;
  }

  /** Moves on, or back to what a restored store shows; one thread does this. */
  void advance(Revision to) {
    now = to;
    if (waiting > 0) {
      lock.lock();
      try {
        grown.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Lets nobody wait any more. */
  void close() {
    closed = true;
    lock.lock();
    try {
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@code wanted} has come; false when {@code nanos} passed or it closed first. */
  boolean await(Revision wanted, long nanos) throws InterruptedException {
    if (!now.isBefore(wanted)) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      waiting++;
      for (long left = nanos; now.isBefore(wanted); ) {
        if (left <= 0 || closed) {
          return false;
        }
        left = grown.awaitNanos(left);
      }
      return true;
    } finally {
      waiting--;
      lock.unlock();
    }
  }
}
