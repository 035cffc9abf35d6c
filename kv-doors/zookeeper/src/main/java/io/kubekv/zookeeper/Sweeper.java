package io.kubekv.zookeeper;

import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Precondition;
import io.kubekv.Range;
import io.kubekv.StoreException;
import io.kubekv.zookeeper.node.NodeMeta;
import io.kubekv.zookeeper.wire.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes nodes that end when nothing is below them any more (ZooKeeper 3.8, ContainerManager).
 * What changed meanwhile stays. Replicas may do it side by side.
 */
final class Sweeper {
  static final Duration PAUSE = Duration.ofSeconds(60);
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
  private static final int PAGE = 500;
  private static final Key FIRST = Key.of("\u0001");

  private final KeyValueStore store;
  private final LongSupplier millis;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /**
   * @param millis the time of the day
   */
  Sweeper(KeyValueStore store, LongSupplier millis) {
    this.store = store;
    this.millis = millis;
  }

  /** Looks at all nodes, unless that is under way. Blocks. */
  void sweep() {
    if (!underWay.compareAndSet(false, true)) {
      return;
    }
    try {
      Optional<Key> from = Optional.of(FIRST);
      while (from.isPresent()) {
        ListRequest page =
            ListRequest.of(new Range.Between(from.get(), Optional.empty())).withLimit(PAGE);
        Listing listing = Await.read(store.list(page, Freshness.STALE));
        listing.entries().forEach(this::tryToLook);
        from = next(listing);
      }
    } catch (StoreException unavailable) {
      log.debug("nodes that may end are looked at later: {}", unavailable.getMessage());
    } finally {
      underWay.set(false);
    }
  }

  private static Optional<Key> next(Listing listing) {
    List<Entry> entries = listing.entries();
    return listing.more() && !entries.isEmpty()
        ? Optional.of(Key.of(entries.getLast().key().text() + "\u0001"))
        : Optional.empty();
  }

  /** What goes wrong with one node keeps no other. */
  private void tryToLook(Entry entry) {
    try {
      look(entry);
    } catch (StoreException unavailable) {
      log.debug("{} is looked at later: {}", entry.key(), unavailable.getMessage());
    }
  }

  private void look(Entry entry) {
    NodeMeta meta = NodeMeta.of(entry);
    Optional<String> path = Path.of(entry.key());
    boolean lasting = meta.kind() == NodeMeta.Kind.PLAIN || meta.kind() == NodeMeta.Kind.LISTED;
    if (lasting || path.isEmpty()) {
      return;
    }
    DirectoryLookup counts =
        Await.read(store.directory(Path.below(path.get()), Freshness.LINEARIZABLE));
    boolean old = millis.getAsLong() - entry.times().modified() > meta.timeToLive();
    boolean over = meta.kind() == NodeMeta.Kind.CONTAINER ? counts.creates() > 0 : old;
    if (over && counts.children() == 0) {
      var unused =
          Await.change(
              store.delete(
                  new DeleteRequest(
                      entry.key(),
                      new Precondition.RevisionIs(entry.modifyRevision()),
                      Layout.NODES,
                      false)));
    }
  }
}
