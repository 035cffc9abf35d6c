package io.kubekv.engine.history;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Forgets what happened longer ago than the history is to reach. It looks now and then, and notes
 * what had happened by then; so a revision is kept for as long as it is to be, and for a sixteenth
 * longer or until the next look. For one thread at a time.
 */
public final class HistoryAge {
  private static final int NOTES = 16;

  /** Longer histories are bounded by their bytes alone. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** By then, this was the first revision that had not happened. */
  private record Note(long at, Revision next) {}

  private final History history;
  private final Duration most;
  private final LongSupplier ticker;
  private final Deque<Note> notes = new ArrayDeque<>();
  private int restarts;

  /**
   * @param most how long a revision is kept at least, where there is room for it
   * @param ticker nanoseconds of a clock that never goes back
   */
  public HistoryAge(History history, Duration most, LongSupplier ticker) {
    this.history = history;
    this.most = most.compareTo(LONGEST) < 0 ? most : LONGEST;
    this.ticker = ticker;
  }

  /** Looks what is old by now. */
  public void look() {
    long now = ticker.getAsLong();
    if (history.restarts() != restarts) {
      restarts = history.restarts();
      notes.clear();
    }
    while (!notes.isEmpty() && now - notes.getFirst().at() >= most.toNanos()) {
      history.forget(notes.removeFirst().next());
    }
    Note last = notes.peekLast();
    Revision next = history.last().revision().next();
    if (last == null || (now - last.at() >= most.toNanos() / NOTES && !next.equals(last.next()))) {
      notes.add(new Note(now, next));
    }
  }
}
