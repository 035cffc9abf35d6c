package io.kubekv.client;

import io.kubekv.Bytes;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * How to hold a lock. Start from {@link #DEFAULT} and add what differs.
 *
 * @param session who holds it; absent: a session that begins and ends with the lock
 * @param timeToLive of that session: the lock outlives a server that was killed for one to two
 *     times as long, and then is free. Positive
 * @param name a name of that session, for people
 * @param lockDelay for how long nobody gets the lock after that session has ended by itself
 * @param value what the key's value is to be while it is held; absent: it stays, or is empty
 */
public record LockOptions(
    Optional<SessionId> session,
    Duration timeToLive,
    String name,
    Duration lockDelay,
    Optional<Bytes> value) {
  /** A session of its own with 15 seconds to live, no name and no lock delay; the value stays. */
  public static final LockOptions DEFAULT =
      new LockOptions(
          Optional.empty(), Duration.ofSeconds(15), "", Duration.ZERO, Optional.empty());

  public LockOptions {
    if (!timeToLive.isPositive()) {
      throw new IllegalArgumentException("a lock's time to live is not positive: " + timeToLive);
    }
    if (lockDelay.isNegative()) {
      throw new IllegalArgumentException("a lock delay is negative: " + lockDelay);
    }
  }

  /** Held by a session that lives already, and stays when the lock is released. */
  public LockOptions withSession(SessionId newSession) {
    return new LockOptions(Optional.of(newSession), timeToLive, name, lockDelay, value);
  }

  public LockOptions withTimeToLive(Duration newTimeToLive) {
    return new LockOptions(session, newTimeToLive, name, lockDelay, value);
  }

  public LockOptions withName(String newName) {
    return new LockOptions(session, timeToLive, newName, lockDelay, value);
  }

  public LockOptions withLockDelay(Duration newLockDelay) {
    return new LockOptions(session, timeToLive, name, newLockDelay, value);
  }

  public LockOptions withValue(Bytes newValue) {
    return new LockOptions(session, timeToLive, name, lockDelay, Optional.of(newValue));
  }

  /** A session to begin with the lock. Another one each time: a former one may be ending. */
  SessionSpec newSession() {
    return SessionSpec.random().withName(name).withTimeToLive(timeToLive).withLockDelay(lockDelay);
  }
}
