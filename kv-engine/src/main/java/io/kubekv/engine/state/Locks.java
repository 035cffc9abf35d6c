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

/**
 * The sessions that live, what they hold, what ends with them, and which keys cannot be acquired
 * yet. Immutable.
 *
 * @param sessions by id
 * @param held the keys whose entries name a session as their holder
 * @param attached the keys whose entries are attached to a session
 * @param delays the keys that cannot be acquired yet
 * @param bytes how much memory the sessions take, about ({@link StoredSize})
 * @param changed the revision at which a session last began or ended; at first that of the store's
 *     beginning
 */
public record Locks(
    TreePMap<SessionId, Session> sessions,
    KeysBySession held,
    KeysBySession attached,
    TreePMap<Key, LockDelay> delays,
    long bytes,
    Revision changed) {
  static final Locks NONE =
      new Locks(
          TreePMap.empty(),
          KeysBySession.NONE,
          KeysBySession.NONE,
          TreePMap.empty(),
          0,
          Revision.ZERO);

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
    return held.of(id);
  }

  /** The keys that are attached to a session, in order. */
  public List<Key> attachedTo(SessionId id) {
    return attached.of(id);
  }

  /** The delay that the key has. */
  public Optional<LockDelay> delay(Key key) {
    return Optional.ofNullable(delays.get(key));
  }

  /** One that lived before is another from now on, and has not begun. */
  Locks begun(Session session, Revision at) {
    long more = StoredSize.of(session.spec()) - sizeOf(session.id());
    return new Locks(
        sessions.plus(session.id(), session),
        held,
        attached,
        delays,
        bytes + more,
        isAlive(session.id()) ? changed : at);
  }

  Locks ended(SessionId id, Revision at) {
    return new Locks(sessions.minus(id), held, attached, delays, bytes - sizeOf(id), at);
  }

  private long sizeOf(SessionId id) {
    Session session = sessions.get(id);
    return session == null ? 0 : StoredSize.of(session.spec());
  }

  Locks delayed(LockDelay delay) {
    return new Locks(sessions, held, attached, delays.plus(delay.key(), delay), bytes, changed);
  }

  Locks delayOver(Key key) {
    return new Locks(sessions, held, attached, delays.minus(key), bytes, changed);
  }

  /** Who holds a key, and with which session it ends, when its entry changes so. */
  @SuppressWarnings("ReferenceEquality") // nothing was moved then
  Locks moved(Key key, @Nullable Entry before, @Nullable Entry after) {
    KeysBySession newHeld = held.moved(key, holder(before), holder(after));
    KeysBySession newAttached = attached.moved(key, attachedTo(before), attachedTo(after));
    return newHeld == held && newAttached == attached
        ? this
        : new Locks(sessions, newHeld, newAttached, delays, bytes, changed);
  }

  private static Optional<SessionId> holder(@Nullable Entry entry) {
    return entry == null ? Optional.empty() : entry.lock().holder();
  }

  private static Optional<SessionId> attachedTo(@Nullable Entry entry) {
    return entry == null ? Optional.empty() : entry.attachedTo();
  }

  /** The same, when a session last began or ended at this revision. */
  Locks changedAt(Revision at) {
    return new Locks(sessions, held, attached, delays, bytes, at);
  }
}
