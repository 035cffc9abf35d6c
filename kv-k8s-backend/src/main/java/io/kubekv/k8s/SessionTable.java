package io.kubekv.k8s;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The sessions as the watch has shown them, and the keys that name each. Only the thread that
 * brings the watch's news changes it; everybody may read, and nothing blocks but the gate.
 */
final class SessionTable {
  /**
   * A session that has ended and whose object is still there.
   *
   * @param sinceNanos when its end was shown here, on the monotonic clock
   */
  record Ended(StoredObject object, long sinceNanos) {
    Session session() {
      return object.toSession();
    }
  }

  private final LongSupplier nanoTime;
  private final Map<SessionId, StoredObject> living = new ConcurrentHashMap<>();
  private final Map<SessionId, Ended> ended = new ConcurrentHashMap<>();
  private final Map<SessionId, Set<Key>> held = new ConcurrentHashMap<>();
  private final RevisionGate changed = new RevisionGate();

  SessionTable(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  boolean lives(SessionId id) {
    return living.containsKey(id);
  }

  Optional<StoredObject> living(SessionId id) {
    return Optional.ofNullable(living.get(id));
  }

  Collection<StoredObject> allLiving() {
    return living.values();
  }

  int livingCount() {
    return living.size();
  }

  Optional<Ended> ended(SessionId id) {
    return Optional.ofNullable(ended.get(id));
  }

  /** The object of this key, of a session that lives or has ended. */
  Optional<StoredObject> object(Key key) {
    return SessionId.parse(key.text())
        .flatMap(id -> living(id).or(() -> ended(id).map(Ended::object)));
  }

  /** The sessions that live, ordered by id. */
  List<Session> list() {
    return living.values().stream()
        .map(StoredObject::toSession)
        .sorted(Comparator.comparing(Session::id))
        .toList();
  }

  /** The revision at which a session last began or ended, and those who wait for the next. */
  RevisionGate changed() {
    return changed;
  }

  /** The keys whose entries name a session; a view. */
  Set<Key> heldBy(SessionId id) {
    return held.getOrDefault(id, Set.of());
  }

  /** The sessions that are over, but whose keys or object may still be there. */
  Set<SessionId> over() {
    Set<SessionId> over = ConcurrentHashMap.newKeySet();
    over.addAll(ended.keySet());
    over.addAll(overAndNamed());
    return over;
  }

  /** The sessions that are over and still named by keys. */
  List<SessionId> overAndNamed() {
    return held.keySet().stream().filter(id -> !lives(id)).toList();
  }

  /** The watch shows a session's object. */
  void changed(StoredObject object) {
    SessionId id = object.sessionId();
    if (object.isOver()) {
      ended.compute(
          id,
          (same, before) ->
              new Ended(object, before == null ? nanoTime.getAsLong() : before.sinceNanos()));
      moved(living.remove(id) != null, object.revision());
    } else {
      moved(living.put(id, object) == null, object.revision());
      ended.remove(id);
    }
  }

  /** A session's object is gone, or no longer one of ours. */
  void removed(SessionId id, Revision at) {
    moved(living.remove(id) != null, at);
    ended.remove(id);
  }

  /** The session whose object has this name: a search through all, for objects gone wrong. */
  Optional<SessionId> named(String name) {
    return Stream.concat(living.values().stream(), ended.values().stream().map(Ended::object))
        .filter(object -> object.name().equals(name))
        .map(StoredObject::sessionId)
        .findFirst();
  }

  /** The watch shows that an entry was changed. */
  void changed(Optional<Entry> before, Optional<Entry> after) {
    Optional<SessionId> former = before.flatMap(entry -> entry.lock().holder());
    Optional<SessionId> now = after.flatMap(entry -> entry.lock().holder());
    if (!former.equals(now)) {
      now.ifPresent(id -> hold(id, after.orElseThrow().key()));
      former.ifPresent(id -> free(id, before.orElseThrow().key()));
    }
  }

  /** All was read anew; nobody is told when the same sessions live as before. */
  void relisted(Collection<StoredObject> sessions, OrderedMap<Snapshot.Held> entries, Revision at) {
    Set<SessionId> before = Set.copyOf(living.keySet());
    Revision changedBefore = changed.now();
    held.clear();
    entries.forEach(
        entry -> {
          changed(Optional.empty(), Optional.of(entry.entry()));
          return true;
        });
    Set<SessionId> listed = ConcurrentHashMap.newKeySet();
    for (StoredObject session : sessions) {
      listed.add(session.sessionId());
      changed(session);
    }
    ended.keySet().retainAll(listed);
    living.keySet().retainAll(listed);
    boolean known = !changedBefore.equals(Revision.ZERO) && !changedBefore.isAfter(at);
    changed.advance(known && before.equals(living.keySet()) ? changedBefore : at);
  }

  private void moved(boolean really, Revision at) {
    if (really) {
      changed.advance(at);
    }
  }

  private void hold(SessionId id, Key key) {
    held.compute(
        id,
        (same, keys) -> {
          Set<Key> all = keys == null ? ConcurrentHashMap.newKeySet() : keys;
          all.add(key);
          return all;
        });
  }

  private void free(SessionId id, Key key) {
    held.computeIfPresent(
        id,
        (same, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }
}
