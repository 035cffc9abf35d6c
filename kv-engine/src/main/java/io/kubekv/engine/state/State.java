package io.kubekv.engine.state;

import io.kubekv.Author;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
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
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The whole store at one moment, as one immutable root: whoever has it has a snapshot. Applying a
 * change shares all but a path with the state before.
 *
 * @param storeId the store's name; 0 before it has one
 * @param revision the revision of the latest change
 * @param compacted what was before this revision is forgotten on request; zero when nobody asked
 * @param contents the entries
 * @param directories what is counted of directories
 * @param locks the sessions and what they hold
 * @param clocks what is left of times to live
 * @param features what may be used
 * @param digest a sum over all of it, equal where the states are; see {@link Digest}
 */
public record State(
    long storeId,
    Revision revision,
    Revision compacted,
    Contents contents,
    Directories directories,
    Locks locks,
    Clocks clocks,
    Features features,
    long digest) {
  public static final State EMPTY =
      new State(
          0,
          Revision.ZERO,
          Revision.ZERO,
          Contents.EMPTY,
          Directories.NONE,
          Locks.NONE,
          Clocks.NONE,
          Features.NONE,
          0);

  public Optional<Entry> get(Key key) {
    return contents.get(key);
  }

  public Listing list(ListRequest request) {
    return contents.list(request, revision);
  }

  public DirectoryLookup directory(Prefix directory) {
    features.require(Feature.DIRECTORY_COUNTERS);
    Directories.Counters counted = directories.at(directory.text());
    return new DirectoryLookup(counted.creates(), counted.children(), counted.changed(), revision);
  }

  /** The state after a commit. Cannot fail, and asks nothing of the state. */
  public State apply(Commit commit) {
    return effect(commit).after();
  }

  /** The same, with what watches see of it. */
  public Effect effect(Commit commit) {
    List<WatchEvent> events = new ArrayList<>(commit.changes().size());
    State state = this;
    for (Change change : commit.changes()) {
      state = state.with(change, commit.revision(), commit.author(), events::add);
    }
    return new Effect(commit, events, state);
  }

  /**
   * The state after one change of the commit of this revision.
   *
   * @param author who made it
   * @param events is told what a watch of all keys sees of it
   */
  State with(Change change, Revision at, Author author, Consumer<WatchEvent> events) {
    return switch (change) {
      case Change.Put put -> {
        @Nullable Entry before = contents.entries().get(put.entry().key());
        events.accept(
            new WatchEvent.Put(put.entry(), Optional.ofNullable(before), put.cause(), author));
        yield replaced(put.entry().key(), before, put.entry(), at);
      }
      case Change.Delete delete -> deleted(delete, at, author, events);
      case Change.MetadataSet set -> described(set, at);
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
          new State(
              founded.storeId(),
              at,
              compacted,
              contents,
              directories,
              locks.changedAt(at),
              clocks,
              features,
              digest);
      case Change.TimePassed passed -> with(clocks.passed(passed, contents));
      case Change.Renewed renewed -> with(clocks.renewed(renewed.id()));
      case Change.Compacted forgotten -> compactedAt(forgotten.first());
      case Change.SwitchedOn on -> with(features.with(on.name(), on.since()));
    };
  }

  /** The entry goes on otherwise: its time to live as well. */
  private State described(Change.MetadataSet set, Revision at) {
    @Nullable Entry before = contents.entries().get(set.key());
    if (before == null) {
      return with(locks, at, digest);
    }
    Entry after = before.withMetadata(set.metadata());
    return new State(
        storeId,
        at,
        compacted,
        contents.replaced(set.key(), before, after),
        directories,
        locks,
        clocks,
        features,
        digest - Digest.of(before) + Digest.of(after));
  }

  /** Watches see one event, with all that went with the key, unless that had no entry. */
  private State deleted(
      Change.Delete delete, Revision at, Author author, Consumer<WatchEvent> events) {
    @Nullable Entry top = contents.entries().get(delete.key());
    List<Entry> below = new ArrayList<>(delete.below().size());
    State state = replaced(delete.key(), top, null, at);
    for (Key key : delete.below()) {
      @Nullable Entry before = state.contents.entries().get(key);
      if (before != null) {
        below.add(before);
      }
      state = state.replaced(key, before, null, at);
    }
    if (top != null) {
      events.accept(new WatchEvent.Delete(at, top, delete.cause(), below, author));
    }
    return state;
  }

  private State with(Locks newLocks, Revision at, long newDigest) {
    return new State(
        storeId, at, compacted, contents, directories, newLocks, clocks, features, newDigest);
  }

  private State with(Clocks newClocks) {
    return new State(
        storeId,
        revision,
        compacted,
        contents,
        directories,
        locks,
        newClocks,
        features,
        digest - clocks.digest() + newClocks.digest());
  }

  /** What is counted of directories is so from the moment on when that is switched on. */
  private State with(Features newFeatures) {
    Directories newDirectories =
        newFeatures.has(Feature.DIRECTORY_COUNTERS) ? directories.begun(contents) : directories;
    return new State(
        storeId,
        revision,
        compacted,
        contents,
        newDirectories,
        locks,
        clocks,
        newFeatures,
        digest
            - features.digest()
            + newFeatures.digest()
            - directories.digest()
            + newDirectories.digest());
  }

  private State compactedAt(Revision first) {
    return new State(
        storeId,
        revision,
        first,
        contents,
        directories,
        locks,
        clocks,
        features,
        digest - Digest.ofCompacted(compacted) + Digest.ofCompacted(first));
  }

  private long sessionDigest(SessionId id) {
    return locks.session(id).map(Digest::of).orElse(0L);
  }

  /** A key has another entry, or none any more. */
  private State replaced(Key key, @Nullable Entry before, @Nullable Entry after, Revision at) {
    Clocks newClocks = clocks.put(key, before, after);
    Contents newContents = contents.replaced(key, before, after);
    Directories newDirectories = directories.replaced(key, before, after, at, newContents);
    return new State(
        storeId,
        at,
        compacted,
        newContents,
        newDirectories,
        locks.moved(key, before, after),
        newClocks,
        features,
        digest
            - Digest.of(before)
            + Digest.of(after)
            - clocks.digest()
            + newClocks.digest()
            - directories.digest()
            + newDirectories.digest());
  }

  /** How much memory it takes, about. */
  public long bytes() {
    return contents.bytes() + directories.bytes() + locks.bytes();
  }

  /** A state that is put together from its parts, in the order of their keys. For one thread. */
  public static final class Restored {
    private final TreeMap<Key, Entry> entries = new TreeMap<>();
    private Locks locks = Locks.NONE;
    private Clocks clocks = Clocks.NONE;
    private Features features = Features.NONE;
    private final TreeMap<String, Directories.Counters> counters = new TreeMap<>();
    private Revision compacted = Revision.ZERO;
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

    /** A feature that is switched on. */
    public void addFeature(String name, String since) {
      features = features.with(name, since);
    }

    /** What was counted of a directory. */
    public void addDirectory(String directory, Directories.Counters counted) {
      counters.put(directory, counted);
    }

    /** The time that the entry changed last has shown. */
    public void setShown(long millis) {
      clocks = clocks.showing(millis);
    }

    /** What was before this revision is forgotten; zero when nothing is. */
    public void setCompacted(Revision first) {
      compacted = first;
    }

    public State state(long storeId, Revision revision, Revision sessionsChanged, long clock) {
      Clocks all = clocks.at(clock);
      Directories directories =
          features.has(Feature.DIRECTORY_COUNTERS) ? Directories.kept(counters) : Directories.NONE;
      return new State(
          storeId,
          revision,
          compacted,
          new Contents(
              TreePMap.fromSortedMap(entries),
              entries.values().stream().mapToLong(StoredSize::of).sum()),
          directories,
          locks.changedAt(sessionsChanged),
          all,
          features,
          digest
              + all.digest()
              + features.digest()
              + directories.digest()
              + Digest.ofCompacted(compacted));
    }
  }
}
