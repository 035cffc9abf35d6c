package io.kubekv.etcd;

import io.etcd.jetcd.api.Event;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * All that etcd did at one revision.
 *
 * @param revision the revision
 * @param mutations in etcd's order
 */
record Commit(Revision revision, List<Mutation> mutations) {
  /** The answers of a watch, cut into commits; etcd never splits a revision over two answers. */
  static List<Commit> of(List<Event> events, EtcdKeys keys) {
    LinkedHashMap<Long, List<Mutation>> byRevision = new LinkedHashMap<>();
    for (Event event : events) {
      byRevision
          .computeIfAbsent(event.getKv().getModRevision(), revision -> new ArrayList<>())
          .add(Mutation.of(event, keys));
    }
    List<Commit> commits = new ArrayList<>();
    byRevision.forEach(
        (revision, mutations) -> commits.add(new Commit(new Revision(revision), mutations)));
    return commits;
  }

  /**
   * The events that a watch of all keys gets: those of a transaction of this store's in its order,
   * so also what it deletes; what others have deleted in the order of keys, after what they put.
   *
   * @param previous what a key was before this commit
   */
  List<WatchEvent> events(BiFunction<Key, Optional<Entry>, Optional<Entry>> previous) {
    List<WatchEvent> events = new ArrayList<>();
    List<Entry> gone = new ArrayList<>();
    Optional<CauseRecord> each = cause().filter(record -> record.top().isEmpty());
    for (Mutation mutation : mutations) {
      if (mutation instanceof Mutation.EntryPut put) {
        Optional<Entry> before = previous.apply(put.key(), put.previous());
        events.add(new WatchEvent.Put(put.put().entry(), before, put.put().cause()));
      } else if (mutation instanceof Mutation.EntryGone deleted) {
        Optional<Entry> before = previous.apply(deleted.key(), deleted.previous());
        if (each.isPresent()) {
          Cause why = each.get().causeOf(deleted.key());
          before.map(entry -> deleted(entry, why)).ifPresent(events::add);
        } else {
          before.ifPresent(gone::add);
        }
      }
    }
    gone.sort(Comparator.comparing(Entry::key));
    events.addAll(deletes(gone));
    return events;
  }

  private List<WatchEvent> deletes(List<Entry> gone) {
    Cause cause = cause().map(CauseRecord::cause).orElse(Cause.DELETE);
    Optional<Entry> top =
        cause()
            .flatMap(CauseRecord::top)
            .flatMap(key -> gone.stream().filter(entry -> entry.key().equals(key)).findFirst());
    if (top.isPresent()) {
      List<Entry> below = gone.stream().filter(entry -> !entry.equals(top.get())).toList();
      return List.of(new WatchEvent.Delete(revision, top.get(), cause, below));
    }
    return gone.stream().map(entry -> deleted(entry, cause)).toList();
  }

  private WatchEvent deleted(Entry entry, Cause why) {
    return new WatchEvent.Delete(revision, entry, why, List.of());
  }

  private Optional<CauseRecord> cause() {
    return mutations.stream()
        .filter(Mutation.CauseGiven.class::isInstance)
        .map(mutation -> ((Mutation.CauseGiven) mutation).cause())
        .findFirst();
  }

  /** The writes that this commit says to be. */
  List<WriteId> writeIds() {
    List<WriteId> ids = new ArrayList<>();
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.EntryPut put -> put.put().writeId().ifPresent(ids::add);
        case Mutation.SessionBegun begun -> begun.session().writeId().ifPresent(ids::add);
        case Mutation.CauseGiven given -> given.cause().writeId().ifPresent(ids::add);
        case Mutation.EntryGone gone -> {}
        case Mutation.Alive alive -> {}
        case Mutation.NotAlive notAlive -> {}
        case Mutation.SessionGone gone -> {}
        case Mutation.DelayBegun begun -> {}
        case Mutation.DelayGone gone -> {}
        case Mutation.Nothing nothing -> {}
      }
    }
    return ids;
  }
}
