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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.zookeeper.data.ACL;

/**
 * Says what an event of the store is to nodes: keys imply the nodes above them, which come and go
 * with them.
 */
final class NodeEvents {
  private final KeyValueStore store;
  private final Predicate<String> concerned;
  private final Sink sink;

  /** What happened to one node. */
  interface Sink {
    void happened(String path, EventType type, long revision, List<ACL> acl);
  }

  /** What is counted of a node just after a change, and whether it has an entry. */
  private record Counted(boolean entry, DirectoryLookup counts) {
    boolean bornAt(long revision) {
      return counts.children() == counts.creates()
          && counts.children() == 1
          && counts.changed().value() == revision;
    }
  }

  /**
   * @param concerned whether somebody waits for something of a path; what nobody waits for is not
   *     looked up
   */
  NodeEvents(KeyValueStore store, Predicate<String> concerned, Sink sink) {
    this.store = store;
    this.concerned = concerned;
    this.sink = sink;
  }

  void put(WatchEvent.Put put) {
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
      sink.happened(path.get(), EventType.DATA_CHANGED, revision, acl);
      return;
    }
    Optional<Counted> own = counted(path.get(), revision);
    boolean implied =
        own.isPresent() && own.get().counts().children() > 0 && !own.get().bornAt(revision);
    if (onlyList && implied) {
      return;
    }
    sink.happened(path.get(), implied ? EventType.DATA_CHANGED : EventType.CREATED, revision, acl);
    String at = Path.parent(path.get());
    while (!at.equals(Path.ROOT)) {
      Optional<Counted> above = counted(at, revision);
      if (above.isEmpty() || above.get().entry() || !above.get().bornAt(revision)) {
        return;
      }
      sink.happened(at, EventType.CREATED, revision, NodeMeta.OPEN.acl());
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

  void delete(WatchEvent.Delete delete) {
    long revision = delete.revision().value();
    delete.below().reversed().forEach(each -> deleted(each, revision));
    deleted(delete.previous(), revision);
  }

  private void deleted(Entry entry, long revision) {
    Optional<String> path = Path.of(entry.key());
    if (path.isEmpty() || path.get().equals(Path.ROOT)) {
      return;
    }
    Optional<Counted> own = counted(path.get(), revision);
    if (own.isPresent() && own.get().counts().children() > 0) {
      sink.happened(path.get(), EventType.DATA_CHANGED, revision, NodeMeta.OPEN.acl());
      return;
    }
    sink.happened(path.get(), EventType.DELETED, revision, NodeMeta.of(entry).acl());
    String at = Path.parent(path.get());
    while (!at.equals(Path.ROOT)) {
      Optional<Counted> above = counted(at, revision);
      if (above.isEmpty() || above.get().entry() || above.get().counts().children() > 0) {
        return;
      }
      sink.happened(at, EventType.DELETED, revision, NodeMeta.OPEN.acl());
      at = Path.parent(at);
    }
  }

  /** Empty where nobody cares. */
  private Optional<Counted> counted(String path, long revision) {
    if (!concerned.test(path)) {
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

  /** The list of a node at a revision; empty when it cannot be looked up now. */
  Optional<List<ACL>> aclAt(String path, long revision) {
    CompletableFuture<Lookup> read =
        store.get(Path.key(path), new Freshness.At(new Revision(revision)));
    return read.isDone() && !read.isCompletedExceptionally()
        ? Optional.of(read.join().entry().map(NodeMeta::of).orElse(NodeMeta.OPEN).acl())
        : Optional.empty();
  }
}
