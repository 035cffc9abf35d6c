package io.kubekv.page;

import io.kubekv.Author;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What happened to a key.
 *
 * @param entry what it left; absent when the entry ended
 * @param previous what was there before
 * @param author who did it
 */
record Change(
    Key key,
    Revision revision,
    Cause cause,
    Optional<Entry> entry,
    Optional<Entry> previous,
    Author author) {

  /**
   * Tells those of a range that an event tells of, one at a time: a delete may be of very many
   * keys.
   */
  static void each(WatchEvent event, Range range, Consumer<Change> told) {
    switch (event) {
      case WatchEvent.Put put -> {
        if (range.contains(put.entry().key())) {
          told.accept(
              new Change(
                  put.entry().key(),
                  put.revision(),
                  put.cause(),
                  Optional.of(put.entry()),
                  put.previous(),
                  put.author()));
        }
      }
      case WatchEvent.Delete delete -> {
        delete.below().forEach(below -> deletion(delete, below, range, told));
        deletion(delete, delete.previous(), range, told);
      }
      case WatchEvent.Progress progress -> {}
      case WatchEvent.HistoryGone gone -> {}
    }
  }

  private static void deletion(
      WatchEvent.Delete delete, Entry previous, Range range, Consumer<Change> told) {
    if (range.contains(previous.key())) {
      told.accept(
          new Change(
              previous.key(),
              delete.revision(),
              delete.cause(),
              Optional.empty(),
              Optional.of(previous),
              delete.author()));
    }
  }
}
