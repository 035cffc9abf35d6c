package io.kubekv.k8s.view;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What happens to the keys: a snapshot, and the changes from it on. For the view's thread. */
final class StoreChanges implements AutoCloseable {
  private final KeyValueStore store;
  private final ViewSettings settings;
  private @Nullable Watch watch;
  private Revision position = Revision.ZERO;

  StoreChanges(KeyValueStore store, ViewSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * The entries to be shown, by key. The changes that come next begin before this snapshot, so that
   * none is missed and some may come that it has already.
   */
  Map<Key, Entry> snapshot() {
    close();
    watch = store.watch(WatchRequest.fromNow(Range.all()));
    position = Revision.ZERO;
    Map<Key, Entry> entries = new TreeMap<>();
    for (var prefix : settings.prefixes()) {
      Listing listing =
          Await.read(
              store.list(ListRequest.of(new Range.WithPrefix(prefix)), Freshness.LINEARIZABLE));
      listing.entries().forEach(entry -> entries.put(entry.key(), entry));
      position = Revision.max(position, listing.revision());
    }
    return entries;
  }

  /**
   * The next change, without waiting for one; empty when everything is known. After {@link
   * WatchEvent.HistoryGone} a snapshot is needed.
   */
  Optional<WatchEvent> next() {
    Watch open = watch;
    if (open == null) {
      return Optional.empty();
    }
    try {
      Optional<WatchEvent> event = open.next(Duration.ZERO);
      event.ifPresent(known -> position = Revision.max(position, known.revision()));
      return event;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the view was stopped");
    }
  }

  /** Up to where everything is known. */
  Revision position() {
    return position;
  }

  @Override
  public void close() {
    Watch open = watch;
    if (open != null) {
      open.close();
      watch = null;
    }
  }
}
