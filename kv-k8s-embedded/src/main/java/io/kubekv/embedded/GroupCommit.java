package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to write. Whoever has the turn takes what has been queued, numbers it, stores it
 * with one fsync, and only then shows it to readers, watches and those who asked; what is queued
 * meanwhile is the next group.
 *
 * <p>While changes come one at a time, a virtual thread that finds nobody at it commits its own,
 * which spares two hand-overs between threads. Everything else is left to a thread that is there
 * for it: it makes larger groups, and an event loop must not wait for the disk. At most one thread
 * is in a commit at any time.
 *
 * <p>An edit whose object has changed since it was decided is decided again here, on the state that
 * includes the changes before it in the same group.
 */
final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int MAX_GROUP = 512;
  private static final int MAX_COMPACTED_AT_ONCE = 1024;
  private static final long HOUSEKEEPING_MILLIS = 200;
  private static final long BACKLOG_MILLIS = 50;

  /** For how long a change that is announced is waited for, which takes less than to wake up. */
  private static final long EXPECTED_NANOS = 100_000;

  /** On one processor, waiting would take its time from whoever decides the change. */
  private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

  /** Of history, while the disk is full: what is older gives its place to deletes. */
  private static final long SHORT_HISTORY_MILLIS = 10_000;

  private final ObjectStore store;
  private final BlockingQueue<ObjectStore.Work> queue;
  private final Journal journal;
  private final History history;
  private final Clocks clocks;
  private final Thread thread = Threads.daemon("kubekv-commit", this::run);

  /** Whose turn it is; guards the journal, the history and what is below. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Whether this thread tells news; what it queues meanwhile it leaves to the commit thread. */
  private final ThreadLocal<Boolean> telling = ThreadLocal.withInitial(() -> false);

  private boolean stopped;
  private long housekeepingDue;
  private volatile String problem = "";
  private boolean full;
  private volatile int lastGroup;
  private volatile long expectedUntil = System.nanoTime();

  /** Whether what was announced last did not come in its time, and nothing has come since. */
  private volatile boolean inVain;

  private volatile @Nullable RuntimeException broken;
  private final LongAdder groups = new LongAdder();

  GroupCommit(
      ObjectStore store,
      BlockingQueue<ObjectStore.Work> queue,
      Journal journal,
      History history,
      Clocks clocks) {
    this.store = store;
    this.queue = queue;
    this.journal = journal;
    this.history = history;
    this.clocks = clocks;
  }

  void start() {
    thread.start();
  }

  void awaitEnd() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Something has been queued: commits it here or sees to it that it is committed. Whoever has the
   * turn looks at the queue once more after it, so nobody needs to be told while somebody has it.
   */
  void queued() {
    boolean alone = !inGroups() && Thread.currentThread().isVirtual() && !telling.get();
    if (!alone && broken == null) {
      LockSupport.unpark(thread);
    } else if (turn.tryLock()) {
      commitQueued();
    }
  }

  /**
   * A change is on its way to the queue, from a thread that will not commit it: whoever does wakes
   * up while it is decided, and waits for it once, for a moment. After one that did not come, none
   * is waited for until one has come. Nothing depends on it.
   */
  void expect() {
    if (!ALONE && !inVain && !inGroups() && !Thread.currentThread().isVirtual()) {
      expectedUntil = System.nanoTime() + EXPECTED_NANOS;
      LockSupport.unpark(thread);
    }
  }

  /** Whether changes come several at a time: the last group was more than one. */
  boolean inGroups() {
    return lastGroup > 1;
  }

  /** How many groups have been stored; each is one sync of the disk. */
  long groups() {
    return groups.sum();
  }

  /** Why changes are not stored, in words for an operator; empty when they are. */
  String problem() {
    return problem;
  }

  private void run() {
    try {
      commitUntilStopped();
    } finally {
      journal.close();
    }
  }

  private void commitUntilStopped() {
    boolean running = true;
    while (running) {
      turn.lock();
      running = !stopped;
      long pause = running ? housekeepingInTurn() : 0;
      commitQueued();
      requireWhole();
      awaitExpected();
      if (queue.isEmpty() && running) {
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(pause));
        clearInterrupt();
      }
    }
  }

  /** As long as was announced when it began: what is announced meanwhile makes it no longer. */
  private void awaitExpected() {
    long until = expectedUntil;
    boolean waited = until - System.nanoTime() > 0;
    while (queue.isEmpty() && until - System.nanoTime() > 0) {
      Thread.onSpinWait();
    }
    if (waited && queue.isEmpty()) {
      inVain = true;
    }
  }

  private long housekeepingInTurn() {
    try {
      return housekeeping();
    } catch (RuntimeException | Error bug) {
      turn.unlock();
      throw bug;
    }
  }

  /** Ends the commit thread, by name, when memory may no longer be what is stored. */
  private void requireWhole() {
    RuntimeException bug = broken;
    if (bug != null) {
      throw bug;
    }
  }

  private static void clearInterrupt() {
    if (Thread.interrupted()) {
      log.warn("the commit thread was interrupted; it goes on until the store is closed");
    }
  }

  /** Commits one group, gives the turn back, and only then tells about it. */
  private void commitQueued() {
    List<Runnable> news = new ArrayList<>();
    try {
      List<ObjectStore.Work> group = new ArrayList<>();
      queue.drainTo(group, MAX_GROUP);
      if (!group.isEmpty()) {
        lastGroup = group.size();
        inVain = false;
        performed(group, news);
      }
    } finally {
      turn.unlock();
    }
    if (!queue.isEmpty() || broken != null) {
      LockSupport.unpark(thread);
    }
    tell(news);
  }

  /** After a bug nobody knows what is stored: nothing more is, and those who asked are told so. */
  private void performed(List<ObjectStore.Work> group, List<Runnable> news) {
    try {
      if (broken == null) {
        perform(group, news);
        return;
      }
    } catch (RuntimeException | Error bug) {
      log.error("{} changes went wrong: nothing is stored from now on", group.size(), bug);
      broken = new IllegalStateException("a commit went wrong: " + bug, bug);
      news.clear();
    }
    ApiException refusal = Statuses.internalError("nothing is stored any more: " + broken);
    for (ObjectStore.Work work : group) {
      switch (work) {
        case ObjectStore.Work.Change change -> news.add(() -> change.reply().refused(refusal));
        case ObjectStore.Work.CompactNow compact -> news.add(compact.done());
        case ObjectStore.Work.Stop ignored -> stopped = true;
      }
    }
  }

  private void tell(List<Runnable> news) {
    telling.set(true);
    news.forEach(GroupCommit::guarded);
    telling.remove();
  }

  /** Performs the group and notes what is to be told about it. */
  private void perform(List<ObjectStore.Work> group, List<Runnable> news) {
    CommitBatch batch = new CommitBatch(store.revision(), full);
    for (ObjectStore.Work work : group) {
      switch (work) {
        case ObjectStore.Work.Change change -> stage(batch, change);
        case ObjectStore.Work.CompactNow compact -> {
          commit(batch, news);
          batch = new CommitBatch(store.revision(), full);
          store.raiseFloor(store.revision());
          news.add(compact.done());
        }
        case ObjectStore.Work.Stop ignored -> stopped = true;
      }
    }
    commit(batch, news);
  }

  private void stage(CommitBatch batch, ObjectStore.Work.Change change) {
    if (stopped) {
      ApiException closed = Statuses.internalError("the server is closed");
      batch.answers.add(() -> change.reply().refused(closed));
      return;
    }
    try {
      batch.stage(change);
    } catch (RuntimeException e) {
      log.error("a change of {} could not be decided", change.key(), e);
      ApiException refusal = Statuses.internalError("the change could not be decided: " + e);
      batch.answers.add(() -> change.reply().refused(refusal));
    }
  }

  private void commit(CommitBatch batch, List<Runnable> news) {
    long now = clocks.millis();
    try {
      if (!batch.changes.isEmpty()) {
        journal.append(batch.entries(now));
        groups.increment();
        stored();
      }
      for (Change change : batch.changes) {
        change.table().apply(change);
        history.add(change, now);
      }
      store.publish(batch.revision);
      Set<ObjectTable> touched = new LinkedHashSet<>();
      batch.changes.forEach(change -> touched.add(change.table()));
      touched.forEach(table -> news.addAll(store.listeners(table)));
      news.addAll(batch.answers);
    } catch (StorageException e) {
      notStored(e);
      ApiException refusal = refusal(e);
      batch.replies.forEach(reply -> news.add(() -> reply.refused(refusal)));
    }
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.error("a listener or an answer failed; the others go on", e);
    }
  }

  /** Says it once, however many changes it strikes. */
  private void notStored(StorageException e) {
    if (e.diskFull()) {
      becomeFull();
    } else if (!problem.equals(e.getMessage())) {
      problem = String.valueOf(e.getMessage());
      log.error("changes are not stored: {}", problem, e);
    }
  }

  private void stored() {
    if (!full && !problem.isEmpty()) {
      problem = "";
      log.info("changes are stored again");
    }
  }

  private void becomeFull() {
    if (!full) {
      full = true;
      problem = CommitBatch.FULL;
      log.error(
          "the disk of the data directory is full: what needs room is refused until there is some;"
              + " reads go on, and deletes are taken from the reserve");
    }
    journal.useReserve();
  }

  private void lookForSpace() {
    boolean space = journal.hasSpace();
    if (full && space) {
      full = false;
      problem = "";
      log.info("the disk of the data directory has space again: all changes are taken");
    } else if (!full && !space) {
      becomeFull();
    }
  }

  private static ApiException refusal(StorageException e) {
    return e.diskFull()
        ? Statuses.insufficientStorage(CommitBatch.FULL)
        : Statuses.internalError("the change could not be stored: " + e.getMessage());
  }

  /** Forgets old history where it is time; how long the thread may rest after it. */
  private long housekeeping() {
    long now = clocks.millis();
    if (now < housekeepingDue && now > housekeepingDue - HOUSEKEEPING_MILLIS) {
      return housekeepingDue - now;
    }
    long floor =
        full
            ? history.dueFloor(store.floor(), now, SHORT_HISTORY_MILLIS)
            : history.dueFloor(store.floor(), now);
    store.raiseFloor(Math.max(floor, store.floor()));
    boolean more = compactSome();
    long pause = more ? BACKLOG_MILLIS : HOUSEKEEPING_MILLIS;
    housekeepingDue = now + pause;
    journal.betweenBatches();
    lookForSpace();
    return pause;
  }

  /** Forgets some of what is due; whether there may be more. */
  private boolean compactSome() {
    long floor = store.floor();
    if (!history.reachesBelow(floor)) {
      return false;
    }
    List<Long> superseded = history.forgetThrough(floor, MAX_COMPACTED_AT_ONCE);
    try {
      journal.compact(floor, superseded);
    } catch (StorageException e) {
      if (!full) {
        log.warn("{} superseded revisions stay on disk until the next start", superseded.size(), e);
      }
    }
    return history.reachesBelow(floor);
  }
}
