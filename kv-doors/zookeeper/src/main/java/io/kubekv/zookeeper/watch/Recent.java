package io.kubekv.zookeeper.watch;

import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** What happened to nodes lately: of that, somebody has read who waits only now. */
final class Recent {
  private static final int REMEMBERED = 4096;

  private final Deque<Seen> events = new ArrayDeque<>();

  /** What came after this revision is remembered. */
  private long forgotten;

  private record Seen(long revision, String path, EventType type) {
    /** Whether who waits for these nodes, and for the children of those, is told of it. */
    boolean isOf(Set<String> data, Set<String> children) {
      return data.contains(path)
          || type == EventType.DELETED && children.contains(path)
          || type != EventType.DATA_CHANGED
              && !path.equals(Path.ROOT)
              && children.contains(Path.parent(path));
    }
  }

  /** Remembers from a revision on, and nothing that was before. */
  void begin(long revision) {
    forgotten = revision;
    events.clear();
  }

  void add(String path, EventType type, long revision) {
    events.add(new Seen(revision, path, type));
    if (events.size() > REMEMBERED) {
      forgotten = events.remove().revision();
    }
  }

  /** Whether all that came after a revision is remembered. */
  boolean reaches(long revision) {
    return revision >= forgotten;
  }

  /** Whether, after a revision, something happened to these nodes, or to the children of those. */
  boolean happenedTo(Set<String> nodes, Set<String> parents, long since) {
    for (var each = events.descendingIterator(); each.hasNext(); ) {
      Seen seen = each.next();
      if (seen.revision() <= since) {
        return false;
      }
      if (seen.isOf(nodes, parents)) {
        return true;
      }
    }
    return false;
  }
}
