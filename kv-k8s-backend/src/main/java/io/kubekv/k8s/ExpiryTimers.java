package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** When which revision of which key ends, on the monotonic clock. Thread-safe. */
final class ExpiryTimers implements AutoCloseable {
  /** Is told when a revision's time has passed, on the timers' thread, one at a time. */
  interface Due {
    void due(Key key, Revision revision);
  }

  /** Longer times to live than this never end. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private record Timer(long nanos, Key key, Revision revision) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(nanos - other.nanos, 0);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }

  private final Clocks clocks;
  private final Due due;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeSet<Timer> inOrder = new TreeSet<>();
  private final Map<Key, Timer> byKey = new HashMap<>();
  private boolean closed;

  ExpiryTimers(Clocks clocks, Due due) {
    this.clocks = clocks;
    this.due = due;
  }

  /** Gives a key its only timer, from now. */
  void set(Key key, Revision revision, Duration length) {
    lock.lock();
    try {
      remove(key);
      if (length.compareTo(LONGEST) < 0) {
        Timer timer = new Timer(clocks.nanoTime() + length.toNanos(), key, revision);
        inOrder.add(timer);
        byKey.put(key, timer);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The same, if the key's timer is still that of this revision. */
  void restart(Key key, Revision revision, Duration length) {
    lock.lock();
    try {
      Timer timer = byKey.get(key);
      if (timer != null && timer.revision.equals(revision)) {
        set(key, revision, length);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells once more after a while, unless the key has got another timer. */
  void retry(Key key, Revision revision, Duration pause) {
    lock.lock();
    try {
      if (!byKey.containsKey(key)) {
        set(key, revision, pause);
      }
    } finally {
      lock.unlock();
    }
  }

  void clear(Key key) {
    lock.lock();
    try {
      remove(key);
    } finally {
      lock.unlock();
    }
  }

  /** Tells what is due until closed or interrupted; blocks. */
  void run() {
    try {
      while (true) {
        Optional<Timer> next = awaitNext();
        if (next.isEmpty()) {
          return;
        }
        due.due(next.get().key(), next.get().revision());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Timer> awaitNext() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        if (inOrder.isEmpty()) {
          changed.await();
          continue;
        }
        Timer first = inOrder.first();
        long left = first.nanos - clocks.nanoTime();
        if (left <= 0) {
          remove(first.key);
          return Optional.of(first);
        }
        boolean early = changed.await(left, TimeUnit.NANOSECONDS);
        if (early && closed) {
          return Optional.empty();
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void remove(Key key) {
    Timer timer = byKey.remove(key);
    if (timer != null) {
      inOrder.remove(timer);
    }
  }
}
