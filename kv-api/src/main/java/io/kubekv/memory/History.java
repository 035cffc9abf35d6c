package io.kubekv.memory;

import io.kubekv.Entry;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The latest changes in order, bounded by the bytes they hold on to. Watches share the event
 * objects. The newest change is kept whatever its size. Not thread-safe.
 */
final class History {
  /** What an event costs beside its keys and values: objects, references, map entry. */
  private static final long OVERHEAD_BYTES = 256;

  private final long maxBytes;
  private final TreeMap<Revision, WatchEvent> events = new TreeMap<>();
  private long bytes;
  private Revision oldest = Revision.ZERO;

  History(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(WatchEvent event) {
    events.put(event.revision(), event);
    bytes += size(event);
    while (bytes > maxBytes && events.size() > 1) {
      WatchEvent dropped = events.pollFirstEntry().getValue();
      bytes -= size(dropped);
      oldest = dropped.revision().next();
    }
  }

  /** The first revision from which no change is missing. */
  Revision oldest() {
    return oldest;
  }

  /** The changes at or after a revision, in order; a view. */
  Collection<WatchEvent> from(Revision first) {
    return events.tailMap(first, true).values();
  }

  /** Whether a watch of {@code range} gets {@code event}. */
  static boolean concerns(Range range, WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> range.contains(put.entry().key());
      case WatchEvent.Delete delete ->
          range.contains(delete.previous().key())
              || delete.below().stream().anyMatch(entry -> range.contains(entry.key()));
      case WatchEvent.Progress progress -> true;
      case WatchEvent.HistoryGone gone -> true;
    };
  }

  private static long size(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> size(put.entry()) + size(put.previous());
      case WatchEvent.Delete delete ->
          size(delete.previous()) + delete.below().stream().mapToLong(History::size).sum();
      case WatchEvent.Progress progress -> OVERHEAD_BYTES;
      case WatchEvent.HistoryGone gone -> OVERHEAD_BYTES;
    };
  }

  private static long size(Optional<Entry> entry) {
    return entry.map(History::size).orElse(0L);
  }

  private static long size(Entry entry) {
    return OVERHEAD_BYTES + entry.key().text().length() + entry.value().size();
  }
}
