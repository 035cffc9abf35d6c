package io.kubekv.zookeeper.watch;

import io.kubekv.Cause;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import io.kubekv.zookeeper.node.NodeMeta;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.zookeeper.data.ACL;

/**
 * Says what an event of the store is to nodes: keys imply the nodes above them, which come and go
 * with them. Events come in the order of their revisions.
 */
final class NodeEvents {
  private final KeyValueStore store;
  private final Predicate<String> concerned;
  private final Sink sink;

  /** Of which revision the latest event was. */
  private long latest;

  /** What came in that revision, and the implied that went: it is told once. */
  private final Set<String> moved = new HashSet<>();

  /** What happened to one node. */
  interface Sink {
    void happened(String path, EventType type, long revision, List<ACL> acl);

    /** It cannot be found out what happened. */
    void lost();
  }

  /** Whether a node has an entry at a revision, and how many are directly below it. */
  private record Found(boolean entry, long children) {
    boolean exists() {
      return entry || children > 0;
    }

    boolean isImplied() {
      return !entry && children > 0;
    }
  }

  /** A node cannot be looked up now: what happened to it is not known. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unknown() {
      super("a node cannot be looked up", null, false, false);
    }
  }

  /**
   * @param concerned whether somebody waits for something of a path, or reads it to wait for it;
   *     what nobody waits for is not looked up
   */
  NodeEvents(KeyValueStore store, Predicate<String> concerned, Sink sink) {
    this.store = store;
    this.concerned = concerned;
    this.sink = sink;
  }

  void put(WatchEvent.Put put) {
    Optional<String> path = Path.of(put.entry().key());
    if (path.isPresent() && put.cause() != Cause.REFRESH) {
      known(put.revision().value(), () -> put(path.get(), put));
    }
  }

  void delete(WatchEvent.Delete delete) {
    long revision = delete.revision().value();
    known(
        revision,
        () -> {
          delete.below().reversed().forEach(each -> deleted(each, revision));
          deleted(delete.previous(), revision);
        });
  }

  private void known(long revision, Runnable event) {
    if (revision != latest) {
      latest = revision;
      moved.clear();
    }
    try {
      event.run();
    } catch (Unknown notKnown) {
      sink.lost();
    }
  }

  private void put(String path, WatchEvent.Put put) {
    long revision = put.revision().value();
    List<ACL> acl = NodeMeta.of(put.entry()).acl();
    boolean onlyList = isOnlyList(put);
    if (onlyList && path.equals(Path.ROOT)) {
      return;
    }
    if (put.previous().isPresent() || path.equals(Path.ROOT)) {
      sink.happened(path, EventType.DATA_CHANGED, revision, acl);
      return;
    }
    boolean implied = concerned.test(path) && at(path, revision - 1).isImplied();
    if (onlyList && implied) {
      return;
    }
    if (!implied) {
      moved.add(path);
    }
    sink.happened(path, implied ? EventType.DATA_CHANGED : EventType.CREATED, revision, acl);
    for (String at = Path.parent(path); !at.equals(Path.ROOT); at = Path.parent(at)) {
      if (concerned.test(at)) {
        if (at(at, revision - 1).exists()) {
          return; // and so did all above it
        }
        if (!at(at, revision).entry()) {
          moved(at, EventType.CREATED, revision);
        }
      }
    }
  }

  /** An implied node has come, or gone. One that has an entry has an event of its own. */
  private void moved(String path, EventType type, long revision) {
    if (moved.add(path)) {
      sink.happened(path, type, revision, NodeMeta.OPEN.acl());
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

  private void deleted(Entry entry, long revision) {
    Optional<String> found = Path.of(entry.key());
    if (found.isEmpty() || found.get().equals(Path.ROOT)) {
      return;
    }
    String path = found.get();
    if (concerned.test(path) && at(path, revision).children() > 0) {
      sink.happened(path, EventType.DATA_CHANGED, revision, NodeMeta.OPEN.acl());
      return;
    }
    sink.happened(path, EventType.DELETED, revision, NodeMeta.of(entry).acl());
    for (String at = Path.parent(path); !at.equals(Path.ROOT); at = Path.parent(at)) {
      if (concerned.test(at)) {
        if (at(at, revision).exists()) {
          return; // and so are all above it
        }
        if (at(at, revision - 1).isImplied()) {
          moved(at, EventType.DELETED, revision);
        }
      }
    }
  }

  private Found at(String path, long revision) {
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
      return new Found(entry.entry().isPresent(), counts.children());
    }
    throw new Unknown();
  }

  /** The list of a node at a revision; empty when it cannot be looked up now. */
  Optional<List<ACL>> aclAt(String path, long revision) {
    CompletableFuture<Lookup> read =
        store.get(Path.key(path), new Freshness.At(new Revision(revision)));
    return read.isDone() && !read.isCompletedExceptionally()
        ? Optional.of(read.join().entry().map(NodeMeta::of).orElse(NodeMeta.OPEN).acl())
        : Optional.empty();
  }
}
