package io.kubekv.page;

import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the store remembers of a range.
 *
 * @param changes the latest, the newest first; immutable
 * @param oldest the first revision that the store remembers
 * @param cut whether it remembers more than is shown
 * @param upTo the revision that it was read at
 */
record History(List<Change> changes, Revision oldest, boolean cut, Revision upTo) {
  /** More changes of a range than this are not shown. */
  static final int SHOWN = 100;

  /** More keys than this are not kept in mind, while those are looked for that are gone. */
  private static final int CANDIDATES = 10_000;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  History {
    changes = List.copyOf(changes);
  }

  /** The latest changes of a range. */
  static History of(KeyValueStore store, Range range) {
    Deque<Change> latest = new ArrayDeque<>();
    long[] seen = new long[1];
    Span span =
        read(
            store,
            range,
            change -> {
              seen[0]++;
              latest.addFirst(change);
              if (latest.size() > SHOWN) {
                latest.removeLast();
              }
            });
    return new History(List.copyOf(latest), span.oldest(), seen[0] > SHOWN, span.upTo());
  }

  /** The last change of each key that is gone. */
  static History ofDeleted(KeyValueStore store, Prefix prefix) {
    Map<Key, Change> gone = new LinkedHashMap<>();
    boolean[] cut = new boolean[1];
    Span span =
        read(
            store,
            new Range.WithPrefix(prefix),
            change -> {
              gone.remove(change.key());
              if (change.entry().isEmpty()) {
                gone.put(change.key(), change);
                cut[0] |= dropEldest(gone);
              }
            });
    List<Change> newest = newestFirst(gone.values());
    return new History(
        newest.subList(0, Math.min(SHOWN, newest.size())),
        span.oldest(),
        cut[0] || newest.size() > SHOWN,
        span.upTo());
  }

  private static boolean dropEldest(Map<Key, Change> gone) {
    if (gone.size() <= CANDIDATES) {
      return false;
    }
    gone.remove(gone.keySet().iterator().next());
    return true;
  }

  private static List<Change> newestFirst(Collection<Change> changes) {
    return new ArrayList<>(changes).reversed();
  }

  /** The change of this revision, if it is among them. */
  Optional<Change> at(Revision revision) {
    return changes.stream().filter(change -> change.revision().equals(revision)).findFirst();
  }

  private record Span(Revision oldest, Revision upTo) {}

  private static Span read(KeyValueStore store, Range range, Consumer<Change> each) {
    try (Watch watch = store.watch(WatchRequest.fromOldest(range))) {
      while (true) {
        WatchEvent event =
            watch
                .next(PATIENCE)
                .orElseThrow(() -> new UnavailableException("the store does not tell its history"));
        if (event instanceof WatchEvent.Progress || event instanceof WatchEvent.HistoryGone) {
          return new Span(watch.start(), event.revision());
        }
        Change.each(event, range, each);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while the history was read");
    }
  }
}
