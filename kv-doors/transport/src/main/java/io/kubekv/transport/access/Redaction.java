package io.kubekv.transport.access;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.LockState;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Leaves out of an answer what lies beside the range that was granted: a tree that is deleted is
 * one event for all who watch some of it, and a put may be refused because of a value above its
 * key. Of what is above, the key and its kind stay, which whoever names a key below it knows.
 */
final class Redaction {
  private Redaction() {}

  /**
   * The event as somebody may see it; often the same object.
   *
   * @param visible which keys that is
   */
  static WatchEvent of(WatchEvent event, Predicate<Key> visible) {
    return switch (event) {
      case WatchEvent.Put put -> put;
      case WatchEvent.Delete delete -> of(delete, visible);
      case WatchEvent.Progress progress -> progress;
      case WatchEvent.HistoryGone gone ->
          gone.differences().isEmpty()
              ? gone
              : new WatchEvent.HistoryGone(
                  gone.revision(),
                  gone.differences().stream().map(each -> of(each, visible)).toList());
    };
  }

  private static WatchEvent of(WatchEvent.Delete delete, Predicate<Key> visible) {
    List<Entry> below = delete.below().stream().filter(entry -> visible.test(entry.key())).toList();
    boolean top = visible.test(delete.previous().key());
    if (top && below.size() == delete.below().size()) {
      return delete;
    }
    Entry previous = top ? delete.previous() : bare(delete.previous(), delete.revision());
    return new WatchEvent.Delete(
        delete.revision(), previous, delete.cause(), below, delete.author());
  }

  /** A refusal of a change of a key, as somebody may see it. */
  static Refused of(Refused refused, Key key, Predicate<Key> visible) {
    return refused
            .entry()
            .filter(entry -> !entry.key().equals(key) && !visible.test(entry.key()))
            .isEmpty()
        ? refused
        : new Refused(
            refused.reason(),
            refused.entry().map(entry -> bare(entry, refused.revision())),
            refused.revision(),
            refused.delay());
  }

  private static Entry bare(Entry entry, Revision at) {
    return new Entry(
        entry.key(), entry.kind(), Bytes.EMPTY, 0, at, at, 1, Optional.empty(), LockState.NONE);
  }
}
