package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A whole list of the store's objects, sorted into what they are.
 *
 * @param snapshot the entries at the list's revision
 * @param marked the objects that mark keys as deleted
 */
record Relist(
    Snapshot snapshot,
    Map<Key, StoredObject> marked,
    Map<Key, StoredObject> markers,
    List<StoredObject> sessions,
    Map<String, ObservedObject.Foreign> foreign) {

  static Relist of(List<ObservedObject> objects, Revision at, InstantSource clock) {
    Instant now = clock.instant();
    List<Map.Entry<Key, Snapshot.Held>> live = new ArrayList<>(objects.size());
    Relist relist =
        new Relist(
            Snapshot.EMPTY, new HashMap<>(), new HashMap<>(), new ArrayList<>(), new HashMap<>());
    for (ObservedObject observed : objects) {
      switch (observed) {
        case ObservedObject.Foreign stranger -> relist.foreign.put(stranger.name(), stranger);
        case ObservedObject.Stored stored -> relist.sort(stored.object(), now, live);
      }
    }
    live.sort(Map.Entry.comparingByKey());
    Snapshot snapshot = new Snapshot(OrderedMap.ofSorted(live), at);
    return new Relist(snapshot, relist.marked, relist.markers, relist.sessions, relist.foreign);
  }

  /** How much memory all of them take, about. */
  long bytes() {
    long[] sum = new long[1];
    snapshot
        .entries()
        .forEach(
            held -> {
              sum[0] += Index.size(held.object());
              return true;
            });
    marked.values().forEach(object -> sum[0] += Index.size(object));
    sessions.forEach(object -> sum[0] += Index.size(object));
    return sum[0];
  }

  private void sort(StoredObject object, Instant now, List<Map.Entry<Key, Snapshot.Held>> live) {
    switch (object.type()) {
      case MARKER -> markers.put(object.key(), object);
      case VALUE, DIRECTORY -> {
        if (object.isLive()) {
          live.add(Map.entry(object.key(), new Snapshot.Held(object, object.toEntry(now))));
        } else {
          marked.put(object.key(), object);
        }
      }
      case SESSION -> sessions.add(object);
    }
  }

  /**
   * What must have happened between {@code before} and this list, as events in order. A live object
   * has its own revision; one that has vanished gets a number of its own that nothing else has.
   *
   * @param seen how far {@code before} had come
   */
  List<WatchEvent> differencesFrom(Snapshot before, Revision seen) {
    List<WatchEvent> events = new ArrayList<>();
    Set<Revision> used = new HashSet<>();
    List<Entry> vanished = new ArrayList<>();
    snapshot.entries().forEach(held -> changed(before, held, events));
    before.entries().forEach(held -> gone(held, events, vanished));
    events.forEach(event -> used.add(event.revision()));
    Revision free = seen;
    for (Entry entry : vanished) {
      do {
        free = free.next();
      } while (used.contains(free));
      events.add(new WatchEvent.Delete(free, entry, Cause.DELETE, List.of()));
    }
    events.sort(Comparator.comparing(WatchEvent::revision));
    return events;
  }

  private static boolean changed(Snapshot before, Snapshot.Held held, List<WatchEvent> events) {
    Optional<Entry> was = before.get(held.entry().key());
    boolean same =
        was.isPresent() && was.get().modifyRevision().equals(held.entry().modifyRevision());
    Optional<Entry> previous = was.filter(entry -> isNext(entry, held.entry()));
    return same
        || events.add(new WatchEvent.Put(held.entry(), previous, held.object().spec().cause()));
  }

  /** Whether one entry came right after the other: no change of the key was between them. */
  private static boolean isNext(Entry before, Entry after) {
    return before.createRevision().equals(after.createRevision())
        && before.version() + 1 == after.version();
  }

  private boolean gone(Snapshot.Held held, List<WatchEvent> events, List<Entry> vanished) {
    Key key = held.entry().key();
    if (snapshot.get(key).isPresent()) {
      return true;
    }
    StoredObject mark = marked.get(key);
    return mark == null
        ? vanished.add(held.entry())
        : events.add(
            new WatchEvent.Delete(mark.revision(), held.entry(), mark.spec().cause(), List.of()));
  }
}
