package io.kubekv.engine.history;

import io.kubekv.Revision;
import io.kubekv.engine.state.State;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Some revisions in a row, and the state before them: one state is kept for all of them, and those
 * between are made again when they are asked for. One thread adds; any thread reads what was there
 * when it began.
 */
final class Page implements Iterable<Step> {
  /** How many commits are applied at most to make a state again. */
  static final int MOST = 64;

  private final State before;
  private final @Nullable Step[] steps = new @Nullable Step[MOST];
  private volatile int size;
  private long bytes;

  /**
   * @param before the state before its first revision
   */
  Page(State before) {
    this.before = before;
  }

  void add(Step step) {
    int at = size;
    steps[at] = step;
    bytes += step.bytes();
    size = at + 1; // whoever reads it sees the step
  }

  boolean isFull() {
    return size == MOST;
  }

  /** About how much memory it holds on to. For the thread that adds. */
  long bytes() {
    return bytes;
  }

  /** The revision after its last. For the thread that adds. */
  Revision next() {
    int count = size;
    return count == 0 ? before.revision().next() : step(count - 1).revision().next();
  }

  /** The state before its first revision. */
  State before() {
    return before;
  }

  /**
   * The state as it stood at a revision from that before the first on.
   *
   * @param from one that stood at the same revision or before, and not before this page
   */
  State at(Revision revision, State from) {
    State state = from;
    for (Step step : from(from.revision().next())) {
      if (step.revision().isAfter(revision)) {
        return state;
      }
      state = state.apply(step.commit());
    }
    return state;
  }

  /** The steps at or after a revision. */
  Iterable<Step> from(Revision first) {
    return () -> iterator(first);
  }

  @Override
  public Iterator<Step> iterator() {
    return iterator(Revision.ZERO);
  }

  private Iterator<Step> iterator(Revision first) {
    int end = size;
    int from = place(first, end);
    return new Iterator<>() {
      private int next = from;

      @Override
      public boolean hasNext() {
        return next < end;
      }

      @Override
      public Step next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return step(next++);
      }
    };
  }

  /** The place of the first step at or after a revision, among so many; their number if none is. */
  private int place(Revision first, int end) {
    int low = 0;
    int high = end;
    while (low < high) {
      int middle = (low + high) / 2;
      if (step(middle).revision().isBefore(first)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The step at a place that has one. */
  private Step step(int place) {
    return Objects.requireNonNull(steps[place]);
  }
}
