package io.kubekv.page.cost;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * What the latest changes were, as far as the store remembers.
 *
 * @param revisions that were looked at
 * @param puts of keys that were there
 * @param creates of keys that were not
 * @param parents directories that were made for these
 * @param deletes of keys
 * @param writtenBytes of the values of all puts
 */
record Lately(
    long revisions, long puts, long creates, long parents, long deletes, long writtenBytes) {
  private static final int REVISIONS = 500;
  private static final int EVENTS = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  static final Lately NOTHING = new Lately(0, 0, 0, 0, 0, 0);

  /**
   * Looks at the last of them; at none when the store does not tell them at once.
   *
   * @param now the latest revision
   * @param oldest the first that is remembered
   */
  static Lately read(KeyValueStore store, Revision now, Revision oldest)
      throws InterruptedException {
    long first = Math.max(oldest.value(), now.value() - REVISIONS + 1);
    if (first > now.value()) {
      return NOTHING;
    }
    WatchRequest request = WatchRequest.from(Range.all(), new Revision(first));
    try (Watch watch = store.watch(request)) {
      Lately seen = NOTHING;
      for (int events = 0; events < EVENTS; events++) {
        Optional<WatchEvent> event = watch.next(PATIENCE);
        if (event.isEmpty() || event.get() instanceof WatchEvent.HistoryGone) {
          return NOTHING;
        }
        if (event.get() instanceof WatchEvent.Progress) {
          return seen.upTo(now.value() - first + 1);
        }
        seen = seen.with(event.get()).upTo(event.get().revision().value() - first + 1);
      }
      return seen;
    }
  }

  private Lately upTo(long newRevisions) {
    return new Lately(newRevisions, puts, creates, parents, deletes, writtenBytes);
  }

  private Lately with(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> with(put.entry(), put.previous().isPresent(), put.cause());
      case WatchEvent.Delete delete ->
          new Lately(
              revisions, puts, creates, parents, deletes + 1 + delete.below().size(), writtenBytes);
      case WatchEvent.Progress progress -> this;
      case WatchEvent.HistoryGone gone -> this;
    };
  }

  private Lately with(Entry entry, boolean wasThere, Cause cause) {
    if (cause == Cause.PARENT) {
      return new Lately(revisions, puts, creates, parents + 1, deletes, writtenBytes);
    }
    long written = writtenBytes + entry.value().size();
    return wasThere
        ? new Lately(revisions, puts + 1, creates, parents, deletes, written)
        : new Lately(revisions, puts, creates + 1, parents, deletes, written);
  }

  /** Of each revision so many are of this kind. */
  double share(long kind) {
    return revisions == 0 ? 0 : (double) kind / revisions;
  }

  /** Directories that a new key lacks, about. */
  int parentsOfEach() {
    return creates == 0 ? 0 : Math.toIntExact(Math.round((double) parents / creates));
  }

  /** The mean of what is written; empty when nothing was. */
  Optional<Long> meanWritten() {
    long all = puts + creates;
    return all == 0 ? Optional.empty() : Optional.of(Math.round((double) writtenBytes / all));
  }
}
