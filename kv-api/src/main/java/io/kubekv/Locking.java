package io.kubekv;

/** What a put does about the lock of its key. */
public sealed interface Locking {
  /** Nothing: the holder stays, and anybody may put (locks are advisory). */
  record None() implements Locking {}

  /** Makes {@code session} the holder of a free key; by the holder itself, a put like any other. */
  record Acquire(SessionId session) implements Locking {}

  /** Frees the key, which {@code session} holds. */
  record Release(SessionId session) implements Locking {}

  /** Makes {@code next} the holder of a key that {@code session} holds: one change for two. */
  record HandOver(SessionId session, SessionId next) implements Locking {
    public HandOver {
      if (session.equals(next)) {
        throw new IllegalArgumentException("session " + session + " hands a key over to itself");
      }
    }
  }

  Locking NONE = new None();
}
