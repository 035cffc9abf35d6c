package io.kubekv.k8s;

import io.kubekv.Entry;
import io.kubekv.Key;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys that cannot be acquired yet, because a session that held them ended less than its lock
 * delay ago. Known to this process alone: after a take-over, what has been released before is free.
 * Thread-safe.
 */
final class LockDelays {
  private final SessionTable sessions;
  private final Clocks clocks;
  private final Map<Key, Long> until = new ConcurrentHashMap<>();

  LockDelays(SessionTable sessions, Clocks clocks) {
    this.sessions = sessions;
    this.clocks = clocks;
  }

  /** The key is about to be released or deleted, because the session that held it has ended. */
  void begin(Key key, SessionTable.Ended ended) {
    long now = clocks.nanoTime();
    until.values().removeIf(end -> end - now <= 0);
    long end = end(ended);
    if (end - now > 0) {
      until.merge(key, end, (one, other) -> one - other > 0 ? one : other);
    }
  }

  /**
   * For how long the key cannot be acquired; zero or less when it can. Also for the sake of a
   * session that has ended and is named by the key, when nothing has begun for it yet.
   */
  Duration left(Key key, Optional<Entry> entry) {
    long now = clocks.nanoTime();
    long begun = until.getOrDefault(key, now) - now;
    long named =
        entry
            .flatMap(there -> there.lock().holder())
            .flatMap(sessions::ended)
            .map(ended -> end(ended) - now)
            .orElse(0L);
    return Duration.ofNanos(Math.max(begun, named));
  }

  private static long end(SessionTable.Ended ended) {
    Duration delay = ended.session().spec().boundedLockDelay();
    return ended.sinceNanos() + delay.toNanos();
  }
}
