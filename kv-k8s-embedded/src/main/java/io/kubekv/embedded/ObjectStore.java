package io.kubekv.embedded;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects and their recent history, under one counter of revisions.
 *
 * <p>Reads never block: a reader takes {@link #revision()} first and reads every table at it.
 * Writes are queued and stored in groups ({@link GroupCommit}); a reader sees a change only after
 * it has been stored. Replies and listeners run on the thread that committed, at once but without
 * its locks: listeners first, so that a watch's event is on its way before the answer.
 */
final class ObjectStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ObjectStore.class);
  private static final int MAX_QUEUED = 16_384;

  private final Map<String, ObjectTable> tables = new ConcurrentHashMap<>();
  private final Map<ObjectTable, Set<Runnable>> listeners = new ConcurrentHashMap<>();
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>(MAX_QUEUED);
  private final GroupCommit committer;
  private volatile long revision;
  private volatile long floor;

  /** What the commit thread is asked to do. */
  sealed interface Work {

    /** One request's change; {@code base} and {@code decision} are what it was decided on. */
    record Change(
        ObjectTable table,
        String key,
        Edit edit,
        @Nullable Version base,
        Edit.Decision decision,
        Reply reply)
        implements Work {}

    /** Forget all history now, then run {@code done}. */
    record CompactNow(Runnable done) implements Work {}

    /** Finish what was queued before and stop. */
    record Stop() implements Work {}
  }

  /**
   * Who is told how a change ended. Exactly one method is called, once, on any thread; it must not
   * block.
   */
  interface Reply {

    /** The change is stored, or the object was already so. */
    void done(Committed committed);

    /** The change was refused or could not be stored; nothing has been changed. */
    void refused(ApiException why);
  }

  /**
   * How an accepted change ended.
   *
   * @param version the object as it is now; for a removal its last state with the removal's
   *     revision
   * @param changed false when nothing was written
   * @param created whether the object did not exist before
   */
  record Committed(Version version, boolean changed, boolean created) {}

  private ObjectStore(Journal journal, History history, Clocks clocks) {
    committer = new GroupCommit(this, queue, journal, history, clocks);
  }

  /**
   * Reads everything back and starts the commit thread; the journal is the store's from then on.
   */
  static ObjectStore open(Journal journal, History history, Clocks clocks) throws StorageException {
    return open(journal, history, clocks, Runtime.getRuntime().maxMemory() / 8 * 3);
  }

  /**
   * @param mostBytes of live objects that there is memory for
   */
  static ObjectStore open(Journal journal, History history, Clocks clocks, long mostBytes)
      throws StorageException {
    ObjectStore store = new ObjectStore(journal, history, clocks);
    Restoration restoration = new Restoration(store, history, mostBytes);
    long floor = Math.max(journal.replay(restoration::read), store.floor);
    compactIfPossible(journal, floor, restoration.superseded());
    store.publish(Math.max(Math.max(store.revision, floor), 1));
    store.raiseFloor(Math.max(floor, 1));
    store.committer.start();
    return store;
  }

  /** On a full disk it may not be: what is superseded then takes its place until the next start. */
  private static void compactIfPossible(Journal journal, long floor, List<Long> superseded) {
    if (superseded.isEmpty()) {
      return;
    }
    try {
      journal.compact(floor, superseded);
    } catch (StorageException e) {
      log.warn(
          "{} superseded revisions stay on disk until the next start: {}",
          superseded.size(),
          e.getMessage());
    }
  }

  /** Whether changes come several at a time. */
  boolean writesInGroups() {
    return committer.inGroups();
  }

  /** Why changes are not stored, in words for an operator; empty when they are. */
  String problem() {
    return committer.problem();
  }

  /** How many groups of changes have been stored. */
  long groups() {
    return committer.groups();
  }

  /** The newest stored revision: what a read begins with. */
  long revision() {
    return revision;
  }

  /** Snapshots at and after this revision, and changes after it, are complete. */
  long floor() {
    return floor;
  }

  /** The table of {@code group/plural}, made when first asked for. */
  ObjectTable table(String resource) {
    return tables.computeIfAbsent(resource, ObjectTable::new);
  }

  /** The object's state at the newest stored revision; null when it does not exist. */
  @Nullable Version read(ObjectTable table, String key) {
    return Version.alive(table.at(key, revision));
  }

  /**
   * Decides on the stored state and, if there is something to write, queues it; a virtual thread
   * may commit it, and what others have queued, before this returns. A refusal or a decision to
   * keep the object is answered at once, on this thread.
   */
  void submit(ObjectTable table, String key, Edit edit, Reply reply) {
    Version base = table.at(key, revision);
    Edit.Decision decision;
    try {
      decision = edit.decide(Version.alive(base));
    } catch (ApiException e) {
      reply.refused(e);
      return;
    }
    if (decision instanceof Edit.Decision.Keep keep) {
      reply.done(new Committed(keep.shown(), false, false));
    } else if (!queue.offer(new Work.Change(table, key, edit, base, decision, reply))) {
      reply.refused(Statuses.tooManyRequests("too many writes are waiting for the disk", 1));
    } else {
      committer.queued();
    }
  }

  /** A change will be submitted right away: it is decided while whoever commits it wakes up. */
  void expect() {
    committer.expect();
  }

  /** Calls {@code listener} after every commit that changed the table, until it is removed. */
  void addListener(ObjectTable table, Runnable listener) {
    listeners.computeIfAbsent(table, t -> ConcurrentHashMap.newKeySet()).add(listener);
  }

  void removeListener(ObjectTable table, Runnable listener) {
    listeners.computeIfPresent(
        table,
        (t, set) -> {
          set.remove(listener);
          return set;
        });
  }

  Set<Runnable> listeners(ObjectTable table) {
    return listeners.getOrDefault(table, Set.of());
  }

  /** Makes every snapshot and watch start older than now answer 410; {@code done} runs after it. */
  void compactNow(Runnable done) {
    put(new Work.CompactNow(done));
  }

  void publish(long newRevision) {
    revision = newRevision;
  }

  void raiseFloor(long newFloor) {
    floor = newFloor;
  }

  private void put(Work work) {
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(work);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    committer.queued();
  }

  /** Stores what has been queued, then stops. */
  @Override
  public void close() {
    put(new Work.Stop());
    committer.awaitEnd();
  }
}
