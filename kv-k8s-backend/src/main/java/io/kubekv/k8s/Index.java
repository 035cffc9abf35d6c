package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.StoredSize;
import io.kubekv.WatchEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the API's watch has shown so far. Only the watch changes it: {@link #changed}, {@link
 * #removed}, {@link #progressed} and {@link #relisted} are called by one thread at a time, which
 * brings the watch's news; everything else may be called by any thread and never blocks.
 */
final class Index {
  /** Is told of every change after the index and the history hold it, by who brings the news. */
  interface Listener {
    /**
     * An object was changed, or made.
     *
     * @param previous the revision at which the index held it before, {@link Revision#ZERO} if not
     */
    void changed(StoredObject object, Revision previous);

    /** An object is gone. */
    void removed(String name);

    /** The object of a session that lived is gone, not by our doing. */
    void lost(SessionId session);

    /** All was read anew: changes may have been skipped. */
    void relisted(Index now);

    /** What is read now is older than what was: somebody has restored the API's storage. */
    void restored();
  }

  private static final Logger log = LoggerFactory.getLogger(Index.class);

  private final History history;
  private final InstantSource clock;
  private final Listener listener;
  private final RevisionGate seen = new RevisionGate();
  private final Map<Key, StoredObject> marked = new ConcurrentHashMap<>();
  private final Map<Key, StoredObject> markers = new ConcurrentHashMap<>();
  private final Map<String, ObservedObject.Foreign> foreign = new ConcurrentHashMap<>();
  private final SessionTable sessions;
  private final AtomicLong bytes = new AtomicLong();
  private volatile Snapshot snapshot = Snapshot.EMPTY;
  private volatile boolean filled;

  Index(History history, InstantSource clock, SessionTable sessions, Listener listener) {
    this.sessions = sessions;
    this.history = history;
    this.clock = clock;
    this.listener = listener;
  }

  /** The state now. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** Whether a list has been read at all: before that, nothing is known. */
  boolean filled() {
    return filled;
  }

  /** How far the watch has come, changes of markers and bookmarks included. */
  RevisionGate seen() {
    return seen;
  }

  /** The object that marks a key as deleted. */
  Optional<StoredObject> marked(Key key) {
    return Optional.ofNullable(marked.get(key));
  }

  /** The objects that mark keys as deleted; a view. */
  Iterable<StoredObject> allMarked() {
    return marked.values();
  }

  /** How much memory all objects take, about, those that mark keys as deleted included. */
  long bytes() {
    return bytes.get();
  }

  int markedCount() {
    return marked.size();
  }

  Optional<StoredObject> marker(Key key) {
    return Optional.ofNullable(markers.get(key));
  }

  /** Whether a holder has ever worked on this store. */
  boolean hasMarker() {
    return !markers.isEmpty();
  }

  /** The object that holds {@code key}, live or marked as deleted. */
  Optional<StoredObject> object(Key key) {
    while (true) {
      Snapshot now = snapshot;
      Optional<StoredObject> found = now.held(key).map(Snapshot.Held::object).or(() -> marked(key));
      if (found.isPresent() || now.revision().equals(snapshot.revision())) {
        return found;
      }
      // the key came back in between: it is no longer marked, and in a newer snapshot
    }
  }

  /** The object of this type and key, whatever its kind. */
  Optional<StoredObject> object(ObjectType type, Key key) {
    return switch (type) {
      case MARKER -> marker(key);
      case SESSION -> sessions.object(key);
      case VALUE, DIRECTORY -> object(key);
    };
  }

  /** The sessions, and the keys that name them. */
  SessionTable sessions() {
    return sessions;
  }

  /** What sits in the place of {@code key} and is not ours. */
  Optional<ObservedObject.Foreign> foreign(Key key) {
    return foreign.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(foreign.get(ObjectNames.of(ObjectType.VALUE, key)));
  }

  int foreignCount() {
    return foreign.size();
  }

  /** Some of the objects that are no keys, each with what is wrong with it. */
  List<String> foreign(int atMost) {
    return foreign.values().stream()
        .limit(atMost)
        .map(stranger -> stranger.name() + ": " + stranger.problem())
        .sorted()
        .toList();
  }

  /** An object was made or changed. */
  void changed(ObservedObject observed) {
    if (isOld(observed.revision())) {
      return;
    }
    switch (observed) {
      case ObservedObject.Foreign stranger -> quarantine(stranger);
      case ObservedObject.Stored stored -> changed(stored.object());
    }
    seen.advance(observed.revision());
  }

  /** An object was removed; its revision is that of the removal. */
  void removed(ObservedObject observed) {
    if (isOld(observed.revision())) {
      return;
    }
    foreign.remove(observed.name());
    if (observed instanceof ObservedObject.Stored stored) {
      removed(stored.object(), observed.revision());
    } else {
      heldAs(observed.name()).ifPresent(held -> foreignDelete(held, observed.revision()));
    }
    listener.removed(observed.name());
    seen.advance(observed.revision());
  }

  private void removed(StoredObject object, Revision at) {
    switch (object.type()) {
      case MARKER -> markers.remove(object.key());
      case SESSION -> lose(object.sessionId(), at);
      case VALUE, DIRECTORY -> {
        snapshot.held(object.key()).ifPresent(held -> foreignDelete(held, at));
        Optional.ofNullable(marked.remove(object.key())).ifPresent(this::forgotten);
      }
    }
  }

  /** The watch has shown everything up to {@code revision}. */
  void progressed(Revision revision) {
    if (!isOld(revision)) {
      seen.advance(revision);
    }
  }

  /**
   * Puts a whole list in the place of everything known.
   *
   * @param at where the list stands
   */
  void relisted(List<ObservedObject> objects, Revision at) {
    Relist relist = Relist.of(objects, at, clock);
    boolean backwards = filled && at.isBefore(seen.now());
    List<WatchEvent> differences =
        filled && !backwards ? relist.differencesFrom(snapshot, seen.now()) : List.of();
    if (backwards) {
      listener.restored();
    }
    marked.putAll(relist.marked());
    history.restart(differences, at, () -> snapshot = relist.snapshot());
    marked.keySet().retainAll(relist.marked().keySet());
    sessions.relisted(relist.sessions(), snapshot.entries(), at);
    bytes.set(relist.bytes());
    replace(markers, relist.markers());
    replace(foreign, relist.foreign());
    relist.foreign().values().forEach(Index::report);
    filled = true;
    seen.advance(at);
    listener.relisted(this);
  }

  private boolean isOld(Revision revision) {
    return !revision.isAfter(seen.now());
  }

  private void changed(StoredObject object) {
    Optional<StoredObject> before = object(object.type(), object.key());
    Revision previous = before.map(StoredObject::revision).orElse(Revision.ZERO);
    before.ifPresent(this::forgotten);
    bytes.addAndGet(size(object));
    foreign.remove(object.name());
    switch (object.type()) {
      case VALUE, DIRECTORY -> changedEntry(object, previous);
      case MARKER -> markers.put(object.key(), object);
      case SESSION -> sessions.changed(object);
    }
    listener.changed(object, previous);
  }

  private void changedEntry(StoredObject object, Revision previous) {
    Key key = object.key();
    Optional<Snapshot.Held> before = snapshot.held(key);
    if (object.isLive()) {
      Entry entry = object.toEntry(clock.instant());
      sessions.changed(before.map(Snapshot.Held::entry), Optional.of(entry));
      Cause cause =
          object.ownWriteAfter(previous).map(own -> object.spec().cause()).orElse(Cause.SET);
      history.add(
          new WatchEvent.Put(entry, before.map(Snapshot.Held::entry), cause),
          () ->
              publish(
                  snapshot.entries().with(key, new Snapshot.Held(object, entry)),
                  object.revision()));
      marked.remove(key);
    } else {
      marked.put(key, object);
      before.ifPresent(held -> delete(held, object.revision(), object.spec().cause()));
    }
  }

  private void forgotten(StoredObject object) {
    bytes.addAndGet(-size(object));
  }

  static long size(StoredObject object) {
    return object.type() == ObjectType.MARKER
        ? 0
        : StoredSize.of(object.key(), object.spec().value().size());
  }

  private void foreignDelete(Snapshot.Held held, Revision at) {
    forgotten(held.object());
    delete(held, at, Cause.DELETE);
  }

  private void delete(Snapshot.Held held, Revision at, Cause cause) {
    Key key = held.entry().key();
    sessions.changed(Optional.of(held.entry()), Optional.empty());
    history.add(
        new WatchEvent.Delete(at, held.entry(), cause, List.of()),
        () -> publish(snapshot.entries().without(key), at));
  }

  private void publish(OrderedMap<Snapshot.Held> entries, Revision at) {
    snapshot = new Snapshot(entries, at);
  }

  private void quarantine(ObservedObject.Foreign stranger) {
    report(stranger);
    foreign.put(stranger.name(), stranger);
    heldAs(stranger.name()).ifPresent(held -> foreignDelete(held, stranger.revision()));
    marked.values().stream()
        .filter(object -> object.name().equals(stranger.name()))
        .toList()
        .forEach(
            object -> {
              marked.remove(object.key());
              forgotten(object);
            });
    sessions.named(stranger.name()).ifPresent(id -> lose(id, stranger.revision()));
    listener.removed(stranger.name());
  }

  private void lose(SessionId session, Revision at) {
    boolean lived = sessions.lives(session);
    sessions.object(StoredObject.sessionKey(session)).ifPresent(this::forgotten);
    sessions.removed(session, at);
    if (lived) {
      listener.lost(session);
    }
  }

  /** What the index holds under an object's name: a search through all, for objects gone wrong. */
  private Optional<Snapshot.Held> heldAs(String name) {
    Snapshot.Held[] found = new Snapshot.Held[1];
    snapshot
        .entries()
        .forEach(
            held -> {
              if (held.object().name().equals(name)) {
                found[0] = held;
              }
              return found[0] == null;
            });
    return Optional.ofNullable(found[0]);
  }

  private static void report(ObservedObject.Foreign stranger) {
    log.warn(
        "object {} at {} is quarantined, it is no key: {}. The key whose object has this name by"
            + " the rule of names, if there is one, is refused until somebody repairs or removes"
            + " it",
        stranger.name(),
        stranger.revision(),
        stranger.problem());
  }

  private static <K, V> void replace(Map<K, V> map, Map<K, V> by) {
    map.putAll(by);
    map.keySet().retainAll(by.keySet());
  }
}
