package io.kubekv.engine.history;

import io.kubekv.Revision;
import io.kubekv.engine.state.State;
import java.util.Iterator;
import java.util.NoSuchElementException;
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
    @Nullable Step last = size == 0 ? null : steps[size - 1];
    return last == null ? before.revision().next() : last.revision().next();
  }

  /** The state as it stood at a revision from that before the first on. */
  State at(Revision revision) {
    State state = before;
    for (Step step : this) {
      if (step.revision().isAfter(revision)) {
        return state;
      }
      state = state.apply(step.commit());
    }
    return state;
  }

  @Override
  public Iterator<Step> iterator() {
    int end = size;
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < end;
      }

      @Override
      public Step next() {
        @Nullable Step step = next < end ? steps[next++] : null;
        if (step == null) {
          throw new NoSuchElementException();
        }
        return step;
      }
    };
  }
}
