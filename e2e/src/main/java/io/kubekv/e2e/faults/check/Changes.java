package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every change whose revision anybody was told: by an acknowledgement, by a watch, by a read that
 * showed its value.
 */
final class Changes {
  /**
   * One change.
   *
   * @param now what the key is from this revision on
   * @param source a line that tells of it
   */
  record Change(String key, long revision, Sight now, Line source) {}

  private final NavigableMap<Long, Change> byRevision = new TreeMap<>();
  private final Map<String, NavigableMap<Long, Change>> byKey = new HashMap<>();
  private final Set<String> uncertain = new HashSet<>();
  private final List<Violation> contradictions = new ArrayList<>();

  Changes(History history) {
    Map<String, Long> revisions = Keys.revisions(history);
    for (WatchSeen seen : history.all(WatchSeen.class)) {
      if (seen.isChange()) {
        boolean put = seen.kind() == WatchSeen.Kind.PUT;
        Sight now = put ? Sight.of(seen.value(), seen.revision()) : Sight.ABSENT;
        add(new Change(seen.key(), seen.revision(), now, seen));
      }
    }
    for (Operation operation : history.all(Operation.class)) {
      Optional<Change> told = of(operation, revisions);
      told.ifPresent(this::add);
      if (told.isEmpty() && mayHaveChanged(operation)) {
        uncertain.add(operation.key());
      }
    }
    for (ListSeen list : history.all(ListSeen.class)) {
      for (ListSeen.Item item : list.items()) {
        Sight now = Sight.of(item.value(), item.revision());
        add(new Change(item.key(), item.revision(), now, list));
      }
    }
  }

  /**
   * Whether a key may have changed without anybody being told at which revision: where no watcher
   * was, and the outcome is unknown or the door's answer has no revision.
   */
  boolean mayHaveUnseen(String key) {
    return uncertain.contains(key);
  }

  /** What different lines tell differently. */
  List<Violation> contradictions() {
    return List.copyOf(contradictions);
  }

  /** The changes in {@code (after, upTo]} of keys that begin with a prefix, in order. */
  List<Change> between(String prefix, long after, long upTo) {
    if (after >= upTo) {
      return List.of();
    }
    return byRevision.subMap(after, false, upTo, true).values().stream()
        .filter(change -> change.key().startsWith(prefix))
        .toList();
  }

  /** The last change of a key at a revision or before it. */
  Optional<Change> last(String key, long revision) {
    return Optional.ofNullable(byKey.getOrDefault(key, new TreeMap<>()).floorEntry(revision))
        .map(Map.Entry::getValue);
  }

  /** The first change of a key after a revision. */
  Optional<Change> next(String key, long revision) {
    return Optional.ofNullable(byKey.getOrDefault(key, new TreeMap<>()).higherEntry(revision))
        .map(Map.Entry::getValue);
  }

  /** Every key that begins with a prefix. */
  List<String> keys(String prefix) {
    return byKey.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
  }

  private static Optional<Change> of(Operation operation, Map<String, Long> revisions) {
    if (operation.action().stores()) {
      long revision = revisions.getOrDefault(operation.value(), operation.revision());
      return mayHaveChanged(operation) && revision != 0
          ? Optional.of(
              new Change(
                  operation.key(), revision, Sight.of(operation.value(), revision), operation))
          : Optional.empty();
    }
    boolean deleted = operation.result() == Result.DONE && operation.revision() != 0;
    return deleted && !operation.action().isRead()
        ? Optional.of(new Change(operation.key(), operation.revision(), Sight.ABSENT, operation))
        : Optional.empty();
  }

  private static boolean mayHaveChanged(Operation operation) {
    boolean happened = operation.result() == Result.DONE || operation.result() == Result.UNKNOWN;
    return happened && !operation.action().isRead();
  }

  private void add(Change change) {
    Change known = byRevision.putIfAbsent(change.revision(), change);
    if (known == null) {
      byKey.computeIfAbsent(change.key(), key -> new TreeMap<>()).put(change.revision(), change);
    } else if (!known.key().equals(change.key()) || !known.now().equals(change.now())) {
      contradictions.add(
          new Violation(
              "one change a revision",
              change.key(),
              "revision " + change.revision() + " is told to be two different changes",
              List.of(known.source(), change.source())));
    }
  }
}
