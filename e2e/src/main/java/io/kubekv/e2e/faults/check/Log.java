package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The changes of one key as watches and answers tell them, and between which revisions no change is
 * missing because some watcher saw all of them. (That a watcher which says so did is for {@link
 * Watches} to check.) It spares the search the guess whether a change with an unknown outcome
 * happened, and when.
 */
interface Log {
  /** Knows nothing. */
  Log NONE =
      new Log() {
        @Override
        public Optional<Changes.Change> next(long revision) {
          return Optional.empty();
        }

        @Override
        public boolean isCompleteFrom(long revision, long to) {
          return false;
        }
      };

  /** The first known change after a revision. */
  Optional<Changes.Change> next(long revision);

  /** Whether every change after a revision and up to another is known. */
  boolean isCompleteFrom(long revision, long to);

  /** Of the keys that watchers of a history watch. */
  static Log of(Changes changes, Coverage coverage, String key) {
    return new Log() {
      @Override
      public Optional<Changes.Change> next(long revision) {
        return changes.next(key, revision);
      }

      @Override
      public boolean isCompleteFrom(long revision, long to) {
        return coverage.covers(revision, to);
      }
    };
  }

  /**
   * Revisions of which no watcher saw all changes.
   *
   * @param after exclusive
   * @param end exclusive
   */
  record Gap(long after, long end) {}

  /** Revisions all of whose changes some watcher saw. */
  final class Coverage {
    private final List<Gap> gaps = new ArrayList<>();

    Coverage(History history) {
      // from each start, exclusive, to where it reaches
      TreeMap<Long, Long> reaches = new TreeMap<>();
      Map<String, Long> starts = new HashMap<>();
      Map<String, Long> sure = new HashMap<>();
      for (WatchSeen seen : history.all(WatchSeen.class)) {
        String watcher = seen.watcher();
        switch (seen.kind()) {
          case STARTED -> {
            starts.put(watcher, seen.revision());
            sure.put(watcher, seen.revision());
          }
          case CLEARED -> sure.remove(watcher); // its last change may have come from behind a gap
          case PUT, DELETED -> {
            reaches.merge(starts.get(watcher), sure.get(watcher), Math::max);
            sure.put(watcher, seen.revision());
          }
          case GONE, ENDED -> reaches.merge(starts.get(watcher), seen.revision(), Math::max);
        }
      }
      sure.forEach((watcher, revision) -> reaches.merge(starts.get(watcher), revision, Math::max));
      long reached = 0;
      for (Map.Entry<Long, Long> each : reaches.entrySet()) {
        if (each.getKey() > reached) {
          gaps.add(new Gap(reached, each.getKey() + 1));
        }
        reached = Math.max(reached, each.getValue());
      }
      gaps.add(new Gap(reached, Long.MAX_VALUE));
    }

    boolean covers(long after, long to) {
      return gaps.stream().noneMatch(gap -> gap.after() < to && gap.end() > after + 1);
    }

    /** What is not covered, in order; the last one has no end. */
    List<Gap> gaps() {
      return List.copyOf(gaps);
    }
  }
}
