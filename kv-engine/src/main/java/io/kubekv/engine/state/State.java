package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.StoredSize;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.pcollections.TreePMap;

/**
 * The whole store at one moment, as one immutable root: whoever has it has a snapshot. Applying a
 * change shares all but a path with the state before.
 *
 * @param storeId the store's name; 0 before it has one
 * @param revision the revision of the latest change
 * @param contents the entries
 * @param locks the sessions and what they hold
 * @param clocks what is left of times to live
 * @param digest a sum over all of it, equal where the states are; see {@link Digest}
 */
public record State(
    long storeId, Revision revision, Contents contents, Locks locks, Clocks clocks, long digest) {
  public static final State EMPTY =
      new State(0, Revision.ZERO, Contents.EMPTY, Locks.NONE, Clocks.NONE, 0);

  public Optional<Entry> get(Key key) {
    return contents.get(key);
  }

  public Listing list(ListRequest request) {
    return contents.list(request, revision, Integer.MAX_VALUE).orElseThrow();
  }

  /** The state after a commit. Cannot fail, and asks nothing of the state. */
  public State apply(Commit commit) {
    return apply(commit, event -> {});
  }

  /**
   * The same.
   *
   * @param events is told what a watch of all keys sees of it, in order
   */
  public State apply(Commit commit, Consumer<WatchEvent> events) {
    State state = this;
    for (Change change : commit.changes()) {
      state.event(change, commit.revision()).ifPresent(events);
      state = state.with(change, commit.revision());
    }
    return state;
  }

  private Optional<WatchEvent> event(Change change, Revision at) {
    return switch (change) {
      case Change.Put put ->
          Optional.of(new WatchEvent.Put(put.entry(), get(put.entry().key()), put.cause()));
      case Change.Delete delete -> get(delete.key()).map(top -> event(delete, top, at));
      case Change.SessionBegun begun -> Optional.empty();
      case Change.SessionEnded ended -> Optional.empty();
      case Change.Delayed delayed -> Optional.empty();
      case Change.DelayOver over -> Optional.empty();
      case Change.Founded founded -> Optional.empty();
      case Change.TimePassed passed -> Optional.empty();
      case Change.Renewed renewed -> Optional.empty();
    };
  }

  private WatchEvent event(Change.Delete delete, Entry top, Revision at) {
    List<Entry> below = new ArrayList<>();
    delete.below().forEach(key -> get(key).ifPresent(below::add));
    return new WatchEvent.Delete(at, top, delete.cause(), below);
  }

  /** The state after one change of the commit of this revision. */
  State with(Change change, Revision at) {
    return switch (change) {
      case Change.Put put -> put(put.entry(), at);
      case Change.Delete delete -> {
        State state = remove(delete.key(), at);
        for (Key key : delete.below()) {
          state = state.remove(key, at);
        }
        yield state;
      }
      case Change.SessionBegun begun ->
          with(
              locks.begun(begun.session(), at),
              at,
              digest - sessionDigest(begun.session().id()) + Digest.of(begun.session()));
      case Change.SessionEnded ended ->
          with(locks.ended(ended.id(), at), at, digest - sessionDigest(ended.id()))
              .with(clocks.renewed(ended.id()));
      case Change.Delayed delayed ->
          with(locks.delayed(new LockDelay(delayed.key(), delayed.delay(), at)), at, digest);
      case Change.DelayOver over -> with(locks.delayOver(over.key()), at, digest);
      case Change.Founded founded ->
          new State(founded.storeId(), at, contents, locks, clocks, digest);
      case Change.TimePassed passed -> with(clocks.passed(passed, contents));
      case Change.Renewed renewed -> with(clocks.renewed(renewed.id()));
    };
  }

  private State with(Locks newLocks, Revision at, long newDigest) {
    return new State(storeId, at, contents, newLocks, clocks, newDigest);
  }

  private State with(Clocks newClocks) {
    return new State(
        storeId,
        revision,
        contents,
        locks,
        newClocks,
        digest - clocks.digest() + newClocks.digest());
  }

  private long sessionDigest(SessionId id) {
    return locks.session(id).map(Digest::of).orElse(0L);
  }

  private State put(Entry entry, Revision at) {
    Entry before = contents.entries().get(entry.key());
    return new State(
            storeId,
            at,
            contents.with(entry),
            locks.moved(entry.key(), before, entry),
            clocks,
            digest - Digest.of(before) + Digest.of(entry))
        .with(clocks.put(entry.key(), before, entry));
  }

  private State remove(Key key, Revision at) {
    Entry before = contents.entries().get(key);
    return new State(
            storeId,
            at,
            contents.without(key),
            locks.moved(key, before, null),
            clocks,
            digest - Digest.of(before))
        .with(clocks.put(key, before, null));
  }

  /** A state that is put together from its parts, in the order of their keys. For one thread. */
  public static final class Restored {
    private final TreeMap<Key, Entry> entries = new TreeMap<>();
    private Locks locks = Locks.NONE;
    private Clocks clocks = Clocks.NONE;
    private long digest;

    public void add(Entry entry) {
      entries.put(entry.key(), entry);
      clocks = clocks.put(entry.key(), null, entry);
      locks = locks.moved(entry.key(), null, entry);
      digest += Digest.of(entry);
    }

    public void add(Session session) {
      locks = locks.begun(session, Revision.ZERO);
      digest += Digest.of(session);
    }

    public void add(LockDelay delay) {
      locks = locks.delayed(delay);
    }

    /** The time of a key began when the store's clock showed this. */
    public void addBegun(Key key, long clock) {
      clocks = clocks.withBegun(key, clock);
    }

    /** A session ends when the store's clock shows this. */
    public void addEnd(SessionId id, long clock) {
      clocks = clocks.ending(id, clock);
    }

    public State state(long storeId, Revision revision, Revision sessionsChanged, long clock) {
      Clocks all = clocks.at(clock);
      return new State(
          storeId,
          revision,
          new Contents(
              TreePMap.fromSortedMap(entries),
              entries.values().stream().mapToLong(StoredSize::of).sum()),
          new Locks(locks.sessions(), locks.held(), locks.delays(), locks.bytes(), sessionsChanged),
          all,
          digest + all.digest());
    }
  }
}
