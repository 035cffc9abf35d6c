package io.kubekv.memory;

import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.StoredSize;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sessions that live, when they end, and the keys that cannot be acquired yet. Times are
 * nanoseconds of a monotonic clock from 0. Not thread-safe.
 */
final class SessionBook {
  private final TreeMap<SessionId, Session> living = new TreeMap<>();
  private final Deadlines<SessionId> deadlines = new Deadlines<>();
  private final Map<Key, Long> delayedUntil = new HashMap<>();
  private Revision changed = Revision.ZERO;
  private long bytes;

  Optional<Session> get(SessionId id) {
    return Optional.ofNullable(living.get(id));
  }

  List<Session> list() {
    return List.copyOf(living.values());
  }

  /** How much memory they take, about. */
  long bytes() {
    return bytes;
  }

  /** The revision at which a session last began or ended. */
  Revision changed() {
    return changed;
  }

  void begin(Session session, long now) {
    living.put(session.id(), session);
    bytes += StoredSize.of(session.spec());
    changed = session.modifyRevision();
    schedule(session, now);
  }

  Optional<Session> renew(SessionId id, long now) {
    Optional<Session> session = get(id);
    session.ifPresent(living -> schedule(living, now));
    return session;
  }

  /** The session that held {@code keys} ends in the change of this revision. */
  void end(Session session, Collection<Key> keys, Revision revision, long now) {
    long delay = session.spec().boundedLockDelay().toNanos();
    living.remove(session.id());
    bytes -= StoredSize.of(session.spec());
    deadlines.clear(session.id());
    changed = revision;
    delayedUntil.values().removeIf(until -> until <= now);
    if (delay > 0) {
      keys.forEach(key -> delayedUntil.merge(key, now + delay, Math::max));
    }
  }

  /** For how long the key cannot be acquired; zero or less when it can. */
  Duration delay(Key key, long now) {
    return Duration.ofNanos(delayedUntil.getOrDefault(key, now) - now);
  }

  /** The first session whose time has passed. */
  Optional<SessionId> due(long now) {
    return deadlines.due(now);
  }

  long nanosUntilNext(long now) {
    return deadlines.nanosUntilNext(now);
  }

  private void schedule(Session session, long now) {
    session
        .spec()
        .timeToLive()
        .map(length -> length.multipliedBy(2))
        .filter(twice -> twice.compareTo(Deadlines.LONGEST) < 0)
        .map(Duration::toNanos)
        .ifPresent(twice -> deadlines.set(session.id(), now + twice));
  }
}
