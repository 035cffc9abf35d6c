package io.kubekv.embedded;

import java.util.List;

/**
 * The recent changes of one table, oldest first, for watches to read at their own pace.
 *
 * <p>Positions count changes since the table was opened and never repeat. The writer thread adds
 * and trims, any thread reads; each call holds the lock for a bounded copy.
 */
final class ChangeLog {
  private Change[] ring = new Change[64];
  private long first;
  private long end;

  synchronized void add(Change change) {
    int size = (int) (end - first);
    if (size == ring.length) {
      Change[] larger = new Change[ring.length * 2];
      for (int i = 0; i < size; i++) {
        larger[(int) ((first + i) & (larger.length - 1))] = at(first + i);
      }
      ring = larger;
    }
    ring[(int) (end & (ring.length - 1))] = change;
    end++;
  }

  /** Forgets every change up to and including {@code revision}. */
  synchronized void forgetThrough(long revision) {
    while (first < end && at(first).revision() <= revision) {
      clear(first++);
    }
    if (ring.length > 4096 && end - first < ring.length / 8) {
      shrink();
    }
  }

  /** The position of the first change after {@code revision}. */
  synchronized long positionAfter(long revision) {
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).revision() <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Adds to {@code into} at most {@code max} changes from {@code position} on, none beyond {@code
   * through}.
   *
   * @return false when {@code position} has been forgotten: the reader was too slow
   */
  synchronized boolean read(long position, long through, int max, List<Change> into) {
    if (position < first) {
      return false;
    }
    for (long p = position; p < end && into.size() < max; p++) {
      Change change = at(p);
      if (change.revision() > through) {
        break;
      }
      into.add(change);
    }
    return true;
  }

  private Change at(long position) {
    return ring[(int) (position & (ring.length - 1))];
  }

  @SuppressWarnings("NullAway") // empty slots of the ring are never read
  private void clear(long position) {
    ring[(int) (position & (ring.length - 1))] = null;
  }

  private void shrink() {
    int size = (int) (end - first);
    int capacity = Integer.highestOneBit(Math.max(64, size)) * 2;
    Change[] smaller = new Change[capacity];
    for (int i = 0; i < size; i++) {
      smaller[(int) ((first + i) & (capacity - 1))] = at(first + i);
    }
    ring = smaller;
  }
}
