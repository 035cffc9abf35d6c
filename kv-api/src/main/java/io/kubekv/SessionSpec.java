package io.kubekv;

import java.time.Duration;
import java.util.Optional;

/**
 * What the one who begins a session says of it. Start from {@link #of} and add what differs.
 *
 * @param id the session's id
 * @param name a name for people; need not be unique
 * @param timeToLive how long the session surely lives without a renewal; absent for ever
 * @param behavior what becomes of the keys that it holds when it ends
 * @param lockDelay for how long after its end those keys cannot be acquired, at most {@link
 *     #LONGEST_LOCK_DELAY} of it; a holder that does not know of its end yet may still be at work
 * @param note a text that the client keeps with the session; the store does not look at it
 * @param span how many times its time to live the session lives without a renewal
 */
public record SessionSpec(
    SessionId id,
    String name,
    Optional<Duration> timeToLive,
    SessionBehavior behavior,
    Duration lockDelay,
    String note,
    SessionSpan span) {
  /** More of a lock delay than this is not waited for (Consul: structs.MaxLockDelay). */
  public static final Duration LONGEST_LOCK_DELAY = Duration.ofSeconds(60);

  public SessionSpec {
    if (timeToLive.isPresent() && !timeToLive.get().isPositive()) {
      throw new IllegalArgumentException("time to live of session " + id + " is not positive");
    }
    if (lockDelay.isNegative()) {
      throw new IllegalArgumentException("lock delay of session " + id + " is negative");
    }
  }

  /** A new session that releases what it holds, without time to live, name, lock delay or note. */
  public static SessionSpec random() {
    return of(SessionId.random());
  }

  /**
   * A session that releases what it holds, without time to live, name or lock delay; if it gets a
   * time to live, it lives twice as long.
   */
  public static SessionSpec of(SessionId id) {
    return new SessionSpec(
        id, "", Optional.empty(), SessionBehavior.RELEASE, Duration.ZERO, "", SessionSpan.TWICE);
  }

  public SessionSpec withName(String newName) {
    return new SessionSpec(id, newName, timeToLive, behavior, lockDelay, note, span);
  }

  public SessionSpec withTimeToLive(Duration newTimeToLive) {
    return new SessionSpec(id, name, Optional.of(newTimeToLive), behavior, lockDelay, note, span);
  }

  public SessionSpec withBehavior(SessionBehavior newBehavior) {
    return new SessionSpec(id, name, timeToLive, newBehavior, lockDelay, note, span);
  }

  public SessionSpec withLockDelay(Duration newLockDelay) {
    return new SessionSpec(id, name, timeToLive, behavior, newLockDelay, note, span);
  }

  public SessionSpec withNote(String newNote) {
    return new SessionSpec(id, name, timeToLive, behavior, lockDelay, newNote, span);
  }

  public SessionSpec withSpan(SessionSpan newSpan) {
    return new SessionSpec(id, name, timeToLive, behavior, lockDelay, note, newSpan);
  }

  /** The lock delay that counts. */
  public Duration boundedLockDelay() {
    return lockDelay.compareTo(LONGEST_LOCK_DELAY) < 0 ? lockDelay : LONGEST_LOCK_DELAY;
  }
}
