package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A watcher sees every change after its start, once, in order, with what was before, whichever
 * replica it is connected to, until it is told of a gap; nothing that was refused or failed; and
 * what it saw leads to what is there at the end.
 */
public final class Watches {
  private static final String PROMISE = "a watch is complete and in order";

  private final Changes changes;
  private final Log.Coverage coverage;
  private final Set<String> neverStored;
  private final List<ListSeen> lists;
  private final Map<String, List<WatchSeen>> byWatcher = new LinkedHashMap<>();
  private final List<Violation> found = new ArrayList<>();

  public Watches(History history) {
    changes = new Changes(history);
    coverage = new Log.Coverage(history);
    lists = history.all(ListSeen.class);
    neverStored = new HashSet<>();
    for (Operation operation : history.all(Operation.class)) {
      if (operation.result() == Result.FAILED || operation.result() == Result.REFUSED) {
        neverStored.add(operation.value());
      }
    }
    for (WatchSeen seen : history.all(WatchSeen.class)) {
      byWatcher.computeIfAbsent(seen.watcher(), name -> new ArrayList<>()).add(seen);
    }
  }

  public List<Violation> violations() {
    found.addAll(changes.contradictions());
    byWatcher.values().forEach(this::check);
    return found;
  }

  private void check(List<WatchSeen> all) {
    List<WatchSeen> segment = new ArrayList<>();
    for (WatchSeen seen : all) {
      if (seen.kind() == WatchSeen.Kind.STARTED) {
        checkSegment(segment);
        segment.clear();
      }
      segment.add(seen);
    }
    checkSegment(segment);
    checkReplay(segment);
  }

  private void checkSegment(List<WatchSeen> all) {
    if (all.isEmpty()) {
      return;
    }
    List<WatchSeen> segment = all.subList(0, all.size() - behindGap(all));
    WatchSeen first = segment.getFirst();
    long last = first.revision();
    Set<Long> shown = new HashSet<>();
    for (WatchSeen seen : segment.subList(1, segment.size())) {
      if (seen.isChange()) {
        if (seen.revision() <= last) {
          add(seen, "comes after revision " + last);
        }
        shown.add(seen.revision());
        checkChange(seen);
      }
      if (!seen.isGap()) {
        last = Math.max(last, seen.revision());
      }
    }
    for (Changes.Change change : changes.between(first.prefix(), first.revision(), last)) {
      if (!shown.contains(change.revision())) {
        missing(segment, change);
      }
    }
  }

  /** How many at the end may come from behind a gap: the notice of it, and the answer before. */
  private static int behindGap(List<WatchSeen> segment) {
    boolean cleared = segment.getLast().kind() == WatchSeen.Kind.CLEARED;
    return cleared && segment.size() > 2 ? 2 : 0;
  }

  private void missing(List<WatchSeen> segment, Changes.Change change) {
    WatchSeen after =
        segment.stream()
            .filter(seen -> seen.revision() > change.revision())
            .findFirst()
            .orElse(segment.getLast());
    WatchSeen before = segment.getFirst();
    for (WatchSeen seen : segment) {
      if (seen.revision() < change.revision()) {
        before = seen;
      }
    }
    found.add(
        new Violation(
            PROMISE,
            after.watcher(),
            "the change of " + change.key() + " at " + change.revision() + " did not come",
            List.of(before, change.source(), after)));
  }

  private void checkChange(WatchSeen seen) {
    if (seen.kind() == WatchSeen.Kind.PUT && neverStored.contains(seen.value())) {
      add(seen, "shows a value that was refused, or was said not to be stored");
    }
    if (!seen.before().told()) {
      return;
    }
    Optional<Changes.Change> previous = changes.last(seen.key(), seen.revision() - 1);
    Sight expected = previous.map(Changes.Change::now).orElse(Sight.ABSENT);
    boolean known =
        previous.isPresent()
            && (!changes.mayHaveUnseen(seen.key())
                || coverage.covers(previous.get().revision(), seen.revision() - 1));
    if (known && !expected.equals(seen.before())) {
      found.add(
          new Violation(
              PROMISE,
              seen.watcher(),
              "says that "
                  + seen.before()
                  + " was before, where the change before made it "
                  + expected,
              List.of(previous.get().source(), seen)));
    }
  }

  /** What the last unbroken stretch leads to is what the lists after its end show. */
  private void checkReplay(List<WatchSeen> segment) {
    if (segment.isEmpty() || segment.getLast().kind() != WatchSeen.Kind.ENDED) {
      return;
    }
    WatchSeen end = segment.getLast();
    Map<String, WatchSeen> replayed = new HashMap<>();
    segment.stream().filter(WatchSeen::isChange).forEach(seen -> replayed.put(seen.key(), seen));
    lists.stream()
        .filter(list -> list.prefix().equals(end.prefix()))
        .filter(list -> list.call().invoked() > end.received())
        .forEach(list -> replayed.values().forEach(seen -> compare(list, end, seen)));
  }

  private void compare(ListSeen list, WatchSeen end, WatchSeen seen) {
    boolean changedLater =
        changes
            .last(seen.key(), list.revision())
            .filter(last -> last.revision() > end.revision())
            .isPresent();
    if (!changedLater) {
      compare(list, seen);
    }
  }

  private void compare(ListSeen list, WatchSeen seen) {
    boolean put = seen.kind() == WatchSeen.Kind.PUT;
    Sight replayed = put ? Sight.of(seen.value(), seen.revision()) : Sight.ABSENT;
    if (!list.sight(seen.key()).equals(replayed)) {
      found.add(
          new Violation(
              PROMISE,
              seen.watcher(),
              "its events lead to " + replayed + ", the list shows " + list.sight(seen.key()),
              List.of(seen, list)));
    }
  }

  private void add(WatchSeen seen, String words) {
    found.add(new Violation(PROMISE, seen.watcher(), words, List.of(seen)));
  }
}
