package io.kubekv.zookeeper.watch;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.zookeeper.data.ACL;

/**
 * What all connections wait for: one watch of the whole store feeds them, while one of them waits
 * for something. Used on the event loop alone.
 */
public final class Watches {
  private static final int TRIES = 8;

  private final WatchTable data = new WatchTable();
  private final WatchTable children = new WatchTable();
  private final Recent recent = new Recent();
  private final Concern concern = new Concern(data, children);
  private final NodeEvents events;
  private final Upstream upstream;

  /** How much is read at the moment that will be waited for. */
  private int reading;

  private final class Told implements Upstream.Listener, NodeEvents.Sink {
    @Override
    public void begins(long revision) {
      recent.begin(revision);
    }

    @Override
    public void tell(WatchEvent event) {
      if (event instanceof WatchEvent.Put put) {
        events.put(put);
      } else if (event instanceof WatchEvent.Delete delete) {
        events.delete(delete);
      }
    }

    @Override
    public void happened(String path, EventType type, long revision, List<ACL> acl) {
      trigger(path, type, revision, acl);
    }

    @Override
    public void lost() {
      lose();
    }
  }

  public Watches(KeyValueStore store, Executor loop) {
    Told told = new Told();
    this.events = new NodeEvents(store, concern::isOf, told);
    this.upstream = new Upstream(store, loop, told);
  }

  /**
   * Reads something of which a watch is to miss nothing, and goes on with it: at a revision up to
   * which all is told, and after which nothing has happened yet to what is read. Until then the
   * store is watched for it, whoever else waits.
   */
  public <T, R> CompletableFuture<R> reading(WatchedRead<T> read, Function<T, R> then) {
    reading++;
    concern.begins(read.data(), read.parents());
    return attempt(read, TRIES)
        .thenApply(then)
        .whenComplete(
            (done, failed) -> {
              reading--;
              concern.ends(read.data(), read.parents());
              closeIfUnused();
            });
  }

  private <T> CompletableFuture<T> attempt(WatchedRead<T> read, int tries) {
    return read.here(upstream.opened())
        .thenCompose(read::atLeast)
        .thenCompose(
            found -> {
              long revision = read.revision().applyAsLong(found);
              return read.here(upstream.told(revision))
                  .thenCompose(
                      told ->
                          isUsable(read, revision)
                              ? CompletableFuture.completedFuture(found)
                              : again(read, tries));
            });
  }

  private <T> CompletableFuture<T> again(WatchedRead<T> read, int tries) {
    return tries == 0
        ? CompletableFuture.failedFuture(
            new IllegalStateException("it changes faster than it can be read"))
        : attempt(read, tries - 1);
  }

  /** Whether a watch on what was read at a revision misses nothing. */
  private boolean isUsable(WatchedRead<?> read, long revision) {
    return upstream.isOpen()
        && recent.reaches(revision)
        && !recent.happenedTo(read.data(), read.parents(), revision);
  }

  /** Whoever waits has missed something, and finds out what by connecting again. */
  private void lose() {
    Set<Watcher> all = watchers();
    close();
    all.forEach(Watcher::lost);
  }

  private void trigger(String path, EventType type, long revision, List<ACL> acl) {
    recent.add(path, type, revision);
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
    Optional<List<ACL>> acl = events.aclAt(parent, revision);
    if (acl.isPresent()) {
      children.trigger(parent, EventType.CHILDREN_CHANGED, revision, acl.get(), new HashSet<>());
    } else {
      lose();
    }
  }

  /** A connection waits for the next that happens to a node after a revision. */
  public void addData(String path, Watcher watcher, long since) {
    data.add(path, watcher, WatchTable.Mode.ONCE, since);
  }

  /** The same of its children. */
  public void addChildren(String path, Watcher watcher, long since) {
    children.add(path, watcher, WatchTable.Mode.ONCE, since);
  }

  /**
   * Tells of all that comes from now on; what others were told already is not told again. Whoever
   * may not wait for all of it waits for nothing of it.
   *
   * @param read a revision that was read
   * @return the revision after which all is told
   * @throws OverLimitException when its client, or all of them, wait for too much
   */
  public Revision addLasting(String path, Watcher watcher, boolean recursive, Revision read) {
    Revision since = Revision.max(read, new Revision(upstream.position()));
    WatchTable.Mode mode = recursive ? WatchTable.Mode.RECURSIVE : WatchTable.Mode.PERSISTENT;
    boolean isNew = data.add(path, watcher, mode, since.value());
    try {
      children.add(path, watcher, mode, since.value());
    } catch (OverLimitException tooMuch) {
      if (isNew) {
        data.drop(path, watcher, mode);
      }
      throw tooMuch;
    }
    return since;
  }

  /** Who waits for what happens to nodes themselves. */
  public WatchTable data() {
    return data;
  }

  /** Who waits for what happens to the children of nodes. */
  public WatchTable children() {
    return children;
  }

  /** All that wait for something. */
  public Set<Watcher> watchers() {
    Set<Watcher> all = new LinkedHashSet<>(data.all());
    all.addAll(children.all());
    return all;
  }

  /** A connection is gone, and its watches with it. */
  public void removeAll(Watcher watcher) {
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
   * those who wait for nothing. Fails where they cannot be: an answer would then be before what it
   * shows.
   */
  public CompletableFuture<Void> told(Watcher watcher, long revision) {
    return data.hasAny(watcher) || children.hasAny(watcher)
        ? upstream.told(revision)
        : CompletableFuture.completedFuture(null);
  }

  /** Up to which revision all is told. */
  long position() {
    return upstream.position();
  }

  /** Whether the store is watched. */
  boolean isOpen() {
    return upstream.isOpen();
  }

  public void close() {
    upstream.close();
  }
}
