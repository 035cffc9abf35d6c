package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.StoredSize;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The sessions that live, what they hold, and which keys cannot be acquired yet. Immutable.
 *
 * @param sessions by id
 * @param held the keys whose entries name a session, by session
 * @param delays the keys that cannot be acquired yet
 * @param bytes how much memory the sessions take, about ({@link StoredSize})
 * @param changed the revision at which a session last began or ended
 */
public record Locks(
    TreePMap<SessionId, Session> sessions,
    TreePMap<SessionId, TreePSet<Key>> held,
    TreePMap<Key, LockDelay> delays,
    long bytes,
    Revision changed) {
  static final Locks NONE =
      new Locks(TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), 0, Revision.ZERO);

  public Optional<Session> session(SessionId id) {
    return Optional.ofNullable(sessions.get(id));
  }

  public boolean isAlive(SessionId id) {
    return sessions.containsKey(id);
  }

  /** All sessions, ordered by id. */
  public List<Session> all() {
    return List.copyOf(sessions.values());
  }

  /** The keys that a session holds, in order. */
  List<Key> heldBy(SessionId id) {
    TreePSet<Key> keys = held.get(id);
    return keys == null ? List.of() : List.copyOf(keys);
  }

  /** The delay that the key has. */
  public Optional<LockDelay> delay(Key key) {
    return Optional.ofNullable(delays.get(key));
  }

  Locks begun(Session session, Revision at) {
    long more = StoredSize.of(session.spec()) - sizeOf(session.id());
    return new Locks(sessions.plus(session.id(), session), held, delays, bytes + more, at);
  }

  Locks ended(SessionId id, Revision at) {
    return new Locks(sessions.minus(id), held, delays, bytes - sizeOf(id), at);
  }

  private long sizeOf(SessionId id) {
    Session session = sessions.get(id);
    return session == null ? 0 : StoredSize.of(session.spec());
  }

  Locks delayed(LockDelay delay) {
    return new Locks(sessions, held, delays.plus(delay.key(), delay), bytes, changed);
  }

  Locks delayOver(Key key) {
    return new Locks(sessions, held, delays.minus(key), bytes, changed);
  }

  /** Who holds a key when its entry changes so. */
  Locks moved(Key key, @Nullable Entry before, @Nullable Entry after) {
    Optional<SessionId> from = holder(before);
    Optional<SessionId> to = holder(after);
    return from.equals(to) ? this : without(key, from).with(key, to);
  }

  private static Optional<SessionId> holder(@Nullable Entry entry) {
    return entry == null ? Optional.empty() : entry.lock().holder();
  }

  private Locks with(Key key, Optional<SessionId> holder) {
    if (holder.isEmpty()) {
      return this;
    }
    TreePSet<Key> keys = held.get(holder.get());
    TreePSet<Key> more = keys == null ? TreePSet.singleton(key) : keys.plus(key);
    return new Locks(sessions, held.plus(holder.get(), more), delays, bytes, changed);
  }

  private Locks without(Key key, Optional<SessionId> holder) {
    TreePSet<Key> keys = holder.map(held::get).orElse(null);
    if (keys == null) {
      return this;
    }
    TreePSet<Key> fewer = keys.minus(key);
    SessionId id = holder.orElseThrow();
    return new Locks(
        sessions, fewer.isEmpty() ? held.minus(id) : held.plus(id, fewer), delays, bytes, changed);
  }
}
