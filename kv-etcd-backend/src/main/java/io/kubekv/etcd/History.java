package io.kubekv.etcd;

import io.kubekv.Entry;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The latest events, bounded by the bytes they hold on to; what is older is still in etcd. Each has
 * a number, without gaps, because a revision can have several. Not thread-safe.
 */
final class History {
  private static final long OVERHEAD_BYTES = 256;

  /** An event and its number. */
  record Numbered(long number, WatchEvent event) {}

  private final long maxBytes;
  private final TreeMap<Long, WatchEvent> events = new TreeMap<>();
  private long bytes;
  private long next;
  private Revision oldest = Revision.ZERO;

  History(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Forgets everything, also for those who had seen all; the history begins at a revision. */
  void restart(Revision first) {
    events.clear();
    bytes = 0;
    next++;
    oldest = first;
  }

  void add(WatchEvent event) {
    events.put(next++, event);
    bytes += size(event);
    while (bytes > maxBytes && events.size() > 1) {
      WatchEvent dropped = events.pollFirstEntry().getValue();
      bytes -= size(dropped);
      oldest = dropped.revision().next();
    }
  }

  /** The first revision from which no event is missing here. */
  Revision oldest() {
    return oldest;
  }

  /** The number of the first event at or after a revision. */
  long numberFrom(Revision first) {
    return events.entrySet().stream()
        .filter(numbered -> !numbered.getValue().revision().isBefore(first))
        .findFirst()
        .map(Map.Entry::getKey)
        .orElse(next);
  }

  /** The number that the next event will have. */
  long end() {
    return next;
  }

  /** Whether the event of a number is forgotten. */
  boolean hasForgotten(long number) {
    return number < (events.isEmpty() ? next : events.firstKey());
  }

  /** The first event of a number or later that a watch of the range gets. */
  Optional<Numbered> find(long number, Range range) {
    for (Map.Entry<Long, WatchEvent> numbered : events.tailMap(number, true).entrySet()) {
      if (concerns(range, numbered.getValue())) {
        return Optional.of(new Numbered(numbered.getKey(), numbered.getValue()));
      }
    }
    return Optional.empty();
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
      case WatchEvent.Put put -> size(put.entry()) + put.previous().map(History::size).orElse(0L);
      case WatchEvent.Delete delete ->
          size(delete.previous()) + delete.below().stream().mapToLong(History::size).sum();
      case WatchEvent.Progress progress -> OVERHEAD_BYTES;
      case WatchEvent.HistoryGone gone -> OVERHEAD_BYTES;
    };
  }

  private static long size(Entry entry) {
    return OVERHEAD_BYTES + entry.key().text().length() + entry.value().size();
  }
}
