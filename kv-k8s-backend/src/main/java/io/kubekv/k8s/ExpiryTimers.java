package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When which revision of which key ends, on the monotonic clock. A key has one timer, which belongs
 * to its newest revision: a snapshot that is gone through late cannot bring an older one back.
 * Thread-safe.
 */
final class ExpiryTimers implements AutoCloseable {
  /** Is told when a revision's time has passed, on the timers' thread, one at a time. */
  interface Due {
    /**
     * @param since when its time had passed, on the monotonic clock
     */
    void due(Key key, Revision revision, long since);
  }

  /** Longer times to live than this never end. */
  static final Duration LONGEST = Duration.ofDays(36_500);

  /**
   * @param nanos when to tell
   * @param since when its time has passed: earlier, where telling once was not enough
   */
  private record Timer(long nanos, Key key, Revision revision, long since)
      implements Comparable<Timer> {
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

  /** Gives a key its only timer, from now, unless it has one for a newer revision. */
  void set(Key key, Revision revision, Duration length) {
    lock.lock();
    try {
      Timer present = byKey.get(key);
      if (present != null && present.revision.isAfter(revision)) {
        return;
      }
      remove(key);
      if (length.compareTo(LONGEST) < 0) {
        long end = clocks.nanoTime() + length.toNanos();
        add(new Timer(end, key, revision, end));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a key its only timer, from now, unless this or a newer revision has its timer already.
   */
  void keep(Key key, Revision revision, Duration length) {
    lock.lock();
    try {
      Timer present = byKey.get(key);
      if (present == null || !present.revision.equals(revision)) {
        set(key, revision, length);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives a key its timer anew, if it is still that of this revision. */
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

  /**
   * Tells once more after a while, unless the key has got another timer.
   *
   * @param since what was told the last time
   */
  void retry(Key key, Revision revision, Duration pause, long since) {
    lock.lock();
    try {
      if (!byKey.containsKey(key)) {
        add(new Timer(clocks.nanoTime() + pause.toNanos(), key, revision, since));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a newer revision of a key what is left of its timer's time; without a timer, {@code
   * length} from now.
   */
  void carry(Key key, Revision revision, Duration length) {
    lock.lock();
    try {
      Timer timer = byKey.get(key);
      if (timer == null) {
        set(key, revision, length);
      } else if (timer.revision.isBefore(revision)) {
        remove(key);
        add(new Timer(timer.nanos, key, revision, timer.since));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a key has a timer that has not fired. */
  boolean isSet(Key key) {
    lock.lock();
    try {
      return byKey.containsKey(key);
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
      while (awaitDue()) {
        tellDue();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells all that is due now, first things first; blocks as long as those who are told do. */
  void tellDue() {
    for (Optional<Timer> next = takeDue(); next.isPresent(); next = takeDue()) {
      due.due(next.get().key(), next.get().revision(), next.get().since());
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

  private Optional<Timer> takeDue() {
    lock.lock();
    try {
      if (closed || left() > 0) {
        return Optional.empty();
      }
      Timer first = inOrder.first();
      remove(first.key);
      return Optional.of(first);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is due; false when closed. */
  private boolean awaitDue() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && left() > 0) {
        changed.awaitNanos(left());
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds until the first timer is due. */
  private long left() {
    return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.first().nanos - clocks.nanoTime();
  }

  private void add(Timer timer) {
    inOrder.add(timer);
    byKey.put(timer.key, timer);
    changed.signal();
  }

  private void remove(Key key) {
    Timer timer = byKey.remove(key);
    if (timer != null) {
      inOrder.remove(timer);
    }
  }
}
