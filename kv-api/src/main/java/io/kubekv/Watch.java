package io.kubekv;

import java.time.Duration;
import java.util.Optional;

/**
 * The events of a range: every change from the start on, once, in order of revision, whatever
 * happens between the store and its backend.
 *
 * <p>What was changed together has one revision, and its events come together: when {@link #next}
 * has returned the first of them, it returns the others without waiting, and nothing ends the watch
 * in between but {@link #close} and the end of the store. {@link #isWithinRevision} says where a
 * revision is complete; whoever goes on later, from the revision after it, misses nothing.
 *
 * <p>Not thread-safe but for {@link #close}, which may be called from any thread and ends a waiting
 * {@link #next}.
 */
public interface Watch extends AutoCloseable {
  /**
   * Where the watch begins: from now, the revision of the store at the call, and the first event is
   * later; from a revision, that one, and the first event is at or after it; from the oldest, the
   * first revision remembered.
   */
  Revision start();

  /**
   * The next event, waiting up to {@code atMost} (zero: only if it is already known). Empty when
   * none came in time, and always after {@link WatchEvent.HistoryGone} or {@link #close}.
   *
   * @throws InterruptedException when the thread is interrupted; the watch stays usable
   * @throws UnavailableException when the store is closed
   */
  Optional<WatchEvent> next(Duration atMost) throws InterruptedException;

  /**
   * Whether further events of the range have the revision of the one that {@link #next} returned
   * last: the next calls return them.
   */
  boolean isWithinRevision();

  /**
   * Calls back when {@link #next} may have something to return, or to throw: once, in the place of
   * waiting there, so that many watches need no thread each. At once, on this thread, when that is
   * so already; later on a thread of the store that must not be held up: what is called is short,
   * does not wait and throws nothing. Another call takes the place of one that has not been called,
   * and so does {@link #next}. {@link #close} calls back what waits.
   */
  void whenReady(Runnable wake);

  /** Frees the watch. Never blocks; may be repeated. */
  @Override
  void close();
}
