package io.kubekv.page;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a key.
 *
 * @param entry what it left; absent when the entry ended
 * @param previous what was there before
 */
record Change(
    Key key, Revision revision, Cause cause, Optional<Entry> entry, Optional<Entry> previous) {

  /** Those that an event tells of; none for what is no change. */
  static List<Change> of(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put ->
          List.of(
              new Change(
                  put.entry().key(),
                  put.revision(),
                  put.cause(),
                  Optional.of(put.entry()),
                  put.previous()));
      case WatchEvent.Delete delete -> deletions(delete);
      case WatchEvent.Progress progress -> List.of();
      case WatchEvent.HistoryGone gone -> List.of();
    };
  }

  private static List<Change> deletions(WatchEvent.Delete delete) {
    List<Change> all = new ArrayList<>();
    for (Entry below : delete.below()) {
      all.add(deletion(delete, below));
    }
    all.add(deletion(delete, delete.previous()));
    return all;
  }

  private static Change deletion(WatchEvent.Delete delete, Entry previous) {
    return new Change(
        previous.key(), delete.revision(), delete.cause(), Optional.empty(), Optional.of(previous));
  }
}
