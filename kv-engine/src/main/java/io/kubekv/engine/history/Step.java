package io.kubekv.engine.history;

import io.kubekv.Entry;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * One revision of the store.
 *
 * @param commit has no changes where these are not known
 * @param events what watches see of it, in order; may be empty; immutable
 */
record Step(Commit commit, List<WatchEvent> events) {
  /** What a step or an event holds on to beside keys and values: objects, paths of trees. */
  private static final long OVERHEAD_BYTES = 512;

  /** A change without an event is held by the commit, and what it has made by the state then. */
  private static final long UNSEEN = 2;

  private static boolean isSeen(Change change) {
    return change instanceof Change.Put || change instanceof Change.Delete;
  }

  Revision revision() {
    return commit.revision();
  }

  /** The steps of which these events are all, in order; what changes they were is not known. */
  static List<Step> allOf(List<WatchEvent> events) {
    SequencedMap<Revision, List<WatchEvent>> revisions = new LinkedHashMap<>();
    events.forEach(
        event -> revisions.computeIfAbsent(event.revision(), none -> new ArrayList<>()).add(event));
    return revisions.entrySet().stream()
        .map(step -> new Step(new Commit(step.getKey(), List.of()), step.getValue()))
        .toList();
  }

  /** About how much memory it holds on to. */
  long bytes() {
    long bytes = OVERHEAD_BYTES;
    for (WatchEvent event : events) {
      bytes += bytes(event);
    }
    for (Change change : commit.changes()) {
      bytes += isSeen(change) ? 0 : UNSEEN * change.bytes();
    }
    return bytes;
  }

  private static long bytes(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> bytes(put.entry()) + put.previous().map(Step::bytes).orElse(0L);
      case WatchEvent.Delete delete ->
          bytes(delete.previous()) + delete.below().stream().mapToLong(Step::bytes).sum();
      case WatchEvent.Progress progress -> OVERHEAD_BYTES;
      case WatchEvent.HistoryGone gone -> OVERHEAD_BYTES;
    };
  }

  private static long bytes(Entry entry) {
    return OVERHEAD_BYTES + entry.key().text().length() + entry.contentBytes();
  }
}
