package io.kubekv.etcd;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.StoredSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands in etcd, as far as the events tell. Not thread-safe. */
final class State {
  /** A lock delay and when this process has seen it begin. */
  private record Counted(DelayRecord delay, long nanos) {}

  private final TreeMap<Key, EntryRecord> entries = new TreeMap<>();
  private final Set<Key> alive = new HashSet<>();
  private final Set<Key> due = new TreeSet<>();
  private final TreeMap<SessionId, SessionRecord> sessions = new TreeMap<>();
  private final Map<SessionId, Set<Key>> held = new HashMap<>();
  private final Map<Key, Counted> delays = new HashMap<>();
  private long bytes;

  void clear() {
    entries.clear();
    alive.clear();
    due.clear();
    sessions.clear();
    held.clear();
    delays.clear();
    bytes = 0;
  }

  /** Whether a session began or ended. */
  boolean apply(Commit commit) {
    boolean sessionsChanged = false;
    Set<Key> touched = new HashSet<>();
    for (Mutation mutation : commit.mutations()) {
      switch (mutation) {
        case Mutation.EntryPut put -> put(put.key(), put.put(), touched);
        case Mutation.EntryGone gone -> remove(gone.key(), touched);
        case Mutation.Alive living -> setAlive(living.key(), true, touched);
        case Mutation.NotAlive ended -> setAlive(ended.key(), false, touched);
        case Mutation.SessionBegun begun -> {
          removeSession(begun.session().session().id());
          sessions.put(begun.session().session().id(), begun.session());
          bytes += StoredSize.of(begun.session().session().spec());
          sessionsChanged = true;
        }
        case Mutation.SessionGone gone -> sessionsChanged |= removeSession(gone.id());
        case Mutation.DelayBegun begun ->
            delays.put(begun.key(), new Counted(begun.delay(), System.nanoTime()));
        case Mutation.DelayGone gone -> delays.remove(gone.key());
        case Mutation.CauseGiven given -> {}
        case Mutation.Nothing nothing -> {}
      }
    }
    touched.forEach(this::updateDue);
    return sessionsChanged;
  }

  private void put(Key key, EntryRecord put, Set<Key> touched) {
    remove(key, touched);
    entries.put(key, put);
    bytes += StoredSize.of(put.entry());
    put.entry()
        .lock()
        .holder()
        .ifPresent(holder -> held.computeIfAbsent(holder, id -> new TreeSet<>()).add(key));
  }

  private void remove(Key key, Set<Key> touched) {
    touched.add(key);
    EntryRecord had = entries.remove(key);
    bytes -= had == null ? 0 : StoredSize.of(had.entry());
    if (had != null && had.entry().lock().holder().isPresent()) {
      held.computeIfPresent(
          had.entry().lock().holder().get(),
          (id, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  /** Whether there was one. */
  private boolean removeSession(SessionId id) {
    SessionRecord had = sessions.remove(id);
    bytes -= had == null ? 0 : StoredSize.of(had.session().spec());
    return had != null;
  }

  private void setAlive(Key key, boolean isAlive, Set<Key> touched) {
    touched.add(key);
    if (isAlive) {
      alive.add(key);
    } else {
      alive.remove(key);
    }
  }

  private void updateDue(Key key) {
    EntryRecord now = entries.get(key);
    if (now != null && now.isMortal() && !alive.contains(key)) {
      due.add(key);
    } else {
      due.remove(key);
    }
  }

  long size() {
    return entries.size();
  }

  /** How much memory the entries and the sessions take, about. */
  long bytes() {
    return bytes;
  }

  Optional<EntryRecord> entry(Key key) {
    return Optional.ofNullable(entries.get(key));
  }

  boolean hasBelow(Key key) {
    Key next = entries.ceilingKey(new Key(key.below().text()));
    return next != null && key.below().matches(next);
  }

  /** The entries of a range, ordered by key. */
  List<Entry> in(Range range) {
    List<Entry> found = new ArrayList<>();
    range.self().flatMap(this::entry).map(EntryRecord::entry).ifPresent(found::add);
    range.below().ifPresent(prefix -> addAll(prefix, found));
    return found;
  }

  private void addAll(Prefix prefix, List<Entry> found) {
    SortedMap<Key, EntryRecord> from =
        prefix.text().isEmpty() ? entries : entries.tailMap(new Key(prefix.text()), true);
    for (EntryRecord record : from.values()) {
      if (!prefix.matches(record.entry().key())) {
        return;
      }
      found.add(record.entry());
    }
  }

  Optional<SessionRecord> session(SessionId id) {
    return Optional.ofNullable(sessions.get(id));
  }

  List<Session> sessions() {
    return sessions.values().stream().map(SessionRecord::session).toList();
  }

  Optional<DelayRecord> delay(Key key) {
    return Optional.ofNullable(delays.get(key)).map(Counted::delay);
  }

  /** What is left of a lock delay, zero or less when it is over; all of one not seen here. */
  Duration leftOf(Key key, DelayRecord delay) {
    Counted counted = delays.get(key);
    return counted == null || !counted.delay().equals(delay)
        ? delay.length()
        : delay.length().minusNanos(System.nanoTime() - counted.nanos());
  }

  /** The entries that are to end because their time to live has passed. */
  List<Key> due() {
    return List.copyOf(due);
  }

  /** The keys that name a session as their holder. */
  List<Key> heldBy(SessionId id) {
    return List.copyOf(held.getOrDefault(id, Set.of()));
  }

  /** The sessions that are named as holders and have ended. */
  List<SessionId> orphans() {
    return held.keySet().stream().filter(id -> !sessions.containsKey(id)).toList();
  }
}
