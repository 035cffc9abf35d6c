package io.kubekv.zookeeper;

import io.kubekv.Cause;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch of the whole store for all connections, while one of them waits for something. Used on
 * the event loop alone.
 */
final class Watches {
  private static final Logger log = LoggerFactory.getLogger(Watches.class);
  private static final int REMEMBERED = 4096;
  private static final int TRIES = 8;

  private final KeyValueStore store;
  private final Executor loop;
  private final WatchTable data = new WatchTable();
  private final WatchTable children = new WatchTable();
  private final Deque<Seen> recent = new ArrayDeque<>();
  private @Nullable Watch upstream;
  private @Nullable CompletableFuture<Long> opening;

  /** How much is read at the moment that will be waited for. */
  private int reading;

  /** Events up to this revision have been told. */
  private long position;

  /** Those after this revision are remembered. */
  private long forgotten;

  private record Seen(long revision, String path, EventType type) {
    /** Whether who waits for these nodes, and for the children of those, is told of it. */
    boolean isOf(Set<String> data, Set<String> children) {
      return data.contains(path)
          || type == EventType.DELETED && children.contains(path)
          || type != EventType.DATA_CHANGED
              && !path.equals(Path.ROOT)
              && children.contains(Path.parent(path));
    }
  }

  Watches(KeyValueStore store, Executor loop) {
    this.store = store;
    this.loop = loop;
  }

  /**
   * Reads something of which a watch is to miss nothing, and goes on with it: at a revision from
   * which on all is told. Until then the store is watched for it, whoever else waits.
   *
   * @param read what is as recent as this
   * @param usable whether nothing has happened since that whoever waits should have been told of
   */
  <T, R> CompletableFuture<R> reading(
      Call call,
      Function<Freshness, CompletableFuture<T>> read,
      Predicate<T> usable,
      Function<T, R> then) {
    reading++;
    return attempt(call, read, usable, TRIES)
        .thenApply(then)
        .whenComplete(
            (done, failed) -> {
              reading--;
              closeIfUnused();
            });
  }

  private <T> CompletableFuture<T> attempt(
      Call call, Function<Freshness, CompletableFuture<T>> read, Predicate<T> usable, int tries) {
    return call.here(opened())
        .thenCompose(
            at -> read.apply(new Freshness.AtLeast(Revision.max(call.seen(), new Revision(at)))))
        .thenCompose(
            found -> {
              if (usable.test(found)) {
                return CompletableFuture.completedFuture(found);
              }
              return tries == 0
                  ? CompletableFuture.failedFuture(
                      new IllegalStateException("it changes faster than it can be read"))
                  : attempt(call, read, usable, tries - 1);
            });
  }

  /** Which revision a read must have at least whose watch is to miss nothing. Never blocks. */
  private CompletableFuture<Long> opened() {
    if (upstream != null) {
      return CompletableFuture.completedFuture(position);
    }
    if (opening == null) {
      CompletableFuture<Revision> now = store.revision(Freshness.STALE);
      CompletableFuture<Long> begun =
          now.isDone() ? now.thenApply(this::open) : now.thenApplyAsync(this::open, loop);
      if (begun.isDone()) {
        return begun;
      }
      opening = begun;
      var unused = begun.whenComplete((done, failed) -> opening = null);
    }
    return opening;
  }

  /** "From now" would have a follower ask the holder, and wait for it on this thread. */
  private long open(Revision now) {
    upstream = store.watch(WatchRequest.from(Range.all(), now.next()));
    position = now.value();
    forgotten = position;
    recent.clear();
    pump();
    return position;
  }

  /** Tells of all that is known. */
  void pump() {
    try {
      for (Watch opened = upstream; opened != null && opened == upstream; ) {
        Optional<WatchEvent> event = opened.next(Duration.ZERO);
        if (event.isEmpty()) {
          opened.whenReady(() -> loop.execute(this::pump));
          return;
        }
        tell(event.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreException gone) {
      log.warn("the store cannot be watched, clients have to connect again: {}", gone.getMessage());
      lose();
    }
  }

  private void tell(WatchEvent event) {
    switch (event) {
      case WatchEvent.Put put -> {
        put(put);
        position = Math.max(position, put.revision().value());
      }
      case WatchEvent.Delete delete -> {
        long revision = delete.revision().value();
        delete.below().reversed().forEach(each -> deleted(each, revision));
        deleted(delete.previous(), revision);
        position = Math.max(position, revision);
      }
      case WatchEvent.Progress progress ->
          position = Math.max(position, progress.revision().value());
      case WatchEvent.HistoryGone gone -> lose();
    }
  }

  /** Whoever waits has missed something, and finds out what by connecting again. */
  private void lose() {
    Set<Watcher> all = new LinkedHashSet<>(data.all());
    all.addAll(children.all());
    close();
    all.forEach(Watcher::lost);
  }

  private void put(WatchEvent.Put put) {
    Optional<String> path = Path.of(put.entry().key());
    if (path.isEmpty() || put.cause() == Cause.REFRESH) {
      return;
    }
    long revision = put.revision().value();
    List<ACL> acl = NodeMeta.of(put.entry()).acl();
    boolean onlyList = isOnlyList(put);
    if (onlyList && path.get().equals(Path.ROOT)) {
      return;
    }
    if (put.previous().isPresent() || path.get().equals(Path.ROOT)) {
      happened(path.get(), EventType.DATA_CHANGED, revision, acl);
      return;
    }
    Optional<Counted> own = counted(path.get(), revision, concerned(path.get()));
    boolean implied =
        own.isPresent() && own.get().counts().children() > 0 && !bornAt(own.get(), revision);
    if (onlyList && implied) {
      return;
    }
    happened(path.get(), implied ? EventType.DATA_CHANGED : EventType.CREATED, revision, acl);
    String at = Path.parent(path.get());
    while (!at.equals(Path.ROOT)) {
      Optional<Counted> above = counted(at, revision, concerned(at));
      if (above.isEmpty() || above.get().entry() || !bornAt(above.get(), revision)) {
        return;
      }
      happened(at, EventType.CREATED, revision, NodeMeta.OPEN.acl());
      at = Path.parent(at);
    }
  }

  /** Whether a node that was there without an entry may have got one for its list alone. */
  private static boolean isOnlyList(WatchEvent.Put put) {
    Entry entry = put.entry();
    return put.previous().isEmpty()
        && entry.version() == 1
        && entry.value().size() == 0
        && entry.metadata().content().size() > 0;
  }

  private static boolean bornAt(Counted node, long revision) {
    return node.counts().children() == node.counts().creates()
        && node.counts().children() == 1
        && node.counts().changed().value() == revision;
  }

  private void deleted(Entry entry, long revision) {
    Optional<String> path = Path.of(entry.key());
    if (path.isEmpty() || path.get().equals(Path.ROOT)) {
      return;
    }
    Optional<Counted> own = counted(path.get(), revision, concerned(path.get()));
    if (own.isPresent() && own.get().counts().children() > 0) {
      happened(path.get(), EventType.DATA_CHANGED, revision, NodeMeta.OPEN.acl());
      return;
    }
    happened(path.get(), EventType.DELETED, revision, NodeMeta.of(entry).acl());
    String at = Path.parent(path.get());
    while (!at.equals(Path.ROOT)) {
      Optional<Counted> above = counted(at, revision, concerned(at));
      if (above.isEmpty() || above.get().entry() || above.get().counts().children() > 0) {
        return;
      }
      happened(at, EventType.DELETED, revision, NodeMeta.OPEN.acl());
      at = Path.parent(at);
    }
  }

  private boolean concerned(String path) {
    return data.concerns(path) || children.concerns(path) || children.concerns(Path.parent(path));
  }

  private record Counted(boolean entry, DirectoryLookup counts) {}

  /** A node without or with an entry just after a change; not looked up where nobody cares. */
  private Optional<Counted> counted(String path, long revision, boolean wanted) {
    if (!wanted) {
      return Optional.empty();
    }
    CompletableFuture<TransactionOutcome> read =
        store.transact(
            TransactionRequest.of(
                    new TransactionOperation.Get(Path.key(path)),
                    new TransactionOperation.Directory(Path.below(path)))
                .withFreshness(new Freshness.At(new Revision(revision))));
    if (read.isDone()
        && !read.isCompletedExceptionally()
        && read.join() instanceof TransactionOutcome.Committed found
        && found.results().get(0) instanceof Lookup entry
        && found.results().get(1) instanceof DirectoryLookup counts) {
      return Optional.of(new Counted(entry.entry().isPresent(), counts));
    }
    return Optional.empty();
  }

  private void happened(String path, EventType type, long revision, List<ACL> acl) {
    recent.add(new Seen(revision, path, type));
    if (recent.size() > REMEMBERED) {
      forgotten = recent.remove().revision();
    }
    Set<Watcher> told = new HashSet<>();
    data.trigger(path, type, revision, acl, told);
    if (type == EventType.DELETED) {
      children.trigger(path, type, revision, acl, told);
    }
    if (type != EventType.DATA_CHANGED && !path.equals(Path.ROOT)) {
      changed(Path.parent(path), revision);
    }
  }

  /** The children of a node changed; its own list says who may be told. */
  private void changed(String parent, long revision) {
    if (!children.has(parent)) {
      return;
    }
    Optional<List<ACL>> acl = aclAt(parent, revision);
    if (acl.isPresent()) {
      children.trigger(parent, EventType.CHILDREN_CHANGED, revision, acl.get(), new HashSet<>());
    } else {
      lose();
    }
  }

  /** Empty when it cannot be looked up now. */
  private Optional<List<ACL>> aclAt(String path, long revision) {
    CompletableFuture<Lookup> read =
        store.get(Path.key(path), new Freshness.At(new Revision(revision)));
    return read.isDone() && !read.isCompletedExceptionally()
        ? Optional.of(read.join().entry().map(NodeMeta::of).orElse(NodeMeta.OPEN).acl())
        : Optional.empty();
  }

  /** Whether a watch on what was read at a revision would miss nothing. */
  boolean reaches(long revision) {
    return upstream != null && revision >= forgotten;
  }

  /** Whether, after a revision, something happened to these nodes, or to the children of those. */
  boolean happenedTo(Set<String> nodes, Set<String> parents, long since) {
    for (var each = recent.descendingIterator(); each.hasNext(); ) {
      Seen seen = each.next();
      if (seen.revision() <= since) {
        return false;
      }
      if (seen.isOf(nodes, parents)) {
        return true;
      }
    }
    return false;
  }

  void addData(String path, Watcher watcher, long since) {
    data.add(path, watcher, WatchTable.Mode.ONCE, since);
  }

  void addChildren(String path, Watcher watcher, long since) {
    children.add(path, watcher, WatchTable.Mode.ONCE, since);
  }

  /**
   * Tells of all that comes from now on; what others were told already is not told again.
   *
   * @param read a revision that was read
   * @return the revision after which all is told
   */
  Revision addLasting(String path, Watcher watcher, boolean recursive, Revision read) {
    Revision since = Revision.max(read, new Revision(position));
    WatchTable.Mode mode = recursive ? WatchTable.Mode.RECURSIVE : WatchTable.Mode.PERSISTENT;
    data.add(path, watcher, mode, since.value());
    children.add(path, watcher, mode, since.value());
    return since;
  }

  boolean hasData(String path, Watcher watcher) {
    return data.has(path, watcher);
  }

  boolean hasChildren(String path, Watcher watcher) {
    return children.has(path, watcher);
  }

  boolean removeData(String path, Watcher watcher) {
    return data.remove(path, watcher);
  }

  boolean removeChildren(String path, Watcher watcher) {
    return children.remove(path, watcher);
  }

  /** A connection is gone, and its watches with it. */
  void removeAll(Watcher watcher) {
    data.removeAll(watcher);
    children.removeAll(watcher);
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (data.isEmpty() && children.isEmpty() && reading == 0) {
      close();
    }
  }

  /**
   * Completes when whoever waits for something has been told of all up to a revision; at once for
   * those who wait for nothing.
   */
  CompletableFuture<Void> told(Watcher watcher, long revision) {
    if (!data.hasAny(watcher) && !children.hasAny(watcher)) {
      return DONE;
    }
    pump();
    if (upstream == null || position >= revision) {
      return DONE;
    }
    CompletableFuture<Revision> here =
        store.revision(new Freshness.AtLeast(new Revision(revision)));
    if (here.isDone()) {
      return reached(revision);
    }
    return here.handleAsync((now, late) -> null, loop).thenCompose(now -> reached(revision));
  }

  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private CompletableFuture<Void> reached(long revision) {
    pump();
    position = Math.max(position, revision);
    return DONE;
  }

  void close() {
    Watch opened = upstream;
    upstream = null;
    if (opened != null) {
      opened.close();
    }
  }

  /** How many connections wait for something. */
  int watchers() {
    Set<Watcher> all = new HashSet<>(data.all());
    all.addAll(children.all());
    return all.size();
  }

  WatchTable data() {
    return data;
  }

  WatchTable children() {
    return children;
  }
}
