package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list is the state at the revision at which it says that it stands, and that revision is none
 * that was over before.
 */
public final class Lists {
  private static final String PROMISE = "a list is one snapshot";

  private final Changes changes;
  private final Log.Coverage coverage;
  private final List<ListSeen> lists;
  private final List<Operation> writes;
  private final List<Violation> found = new ArrayList<>();

  public Lists(History history) {
    changes = new Changes(history);
    coverage = new Log.Coverage(history);
    lists = new ArrayList<>(history.all(ListSeen.class));
    lists.sort(Comparator.comparingLong(list -> list.call().invoked()));
    writes =
        history.all(Operation.class).stream()
            .filter(write -> write.result() == Result.DONE && !write.action().isRead())
            .filter(write -> write.revision() != 0)
            .sorted(Comparator.comparingLong(write -> write.call().returned()))
            .toList();
  }

  public List<Violation> violations() {
    found.addAll(changes.contradictions());
    lists.forEach(this::checkContent);
    lists.stream().map(ListSeen::prefix).distinct().forEach(this::checkRevisions);
    return found;
  }

  private void checkContent(ListSeen list) {
    for (String key : changes.keys(list.prefix())) {
      Sight shown = list.sight(key);
      Optional<Changes.Change> last = changes.last(key, list.revision());
      Sight expected = last.map(Changes.Change::now).orElse(Sight.ABSENT);
      if (shown.exists() && shown.revision() > list.revision()) {
        add(list, key, "shows a change later than revision " + list.revision());
      } else if (!shown.equals(expected)
          && (shown.exists() || expected.exists())
          && isKnown(key, last, list)) {
        add(list, key, "shows " + shown + " where the last known change made it " + expected);
      }
    }
  }

  /** Whether nothing can have changed the key meanwhile that nobody was told of. */
  private boolean isKnown(String key, Optional<Changes.Change> last, ListSeen list) {
    long since = last.map(Changes.Change::revision).orElse(0L);
    return !changes.mayHaveUnseen(key) || coverage.covers(since, list.revision());
  }

  /** One door's revisions of one prefix do not go back, nor behind what was acknowledged. */
  private void checkRevisions(String prefix) {
    Map<String, ListSeen> newest = new HashMap<>();
    List<ListSeen> byReturn =
        lists.stream()
            .filter(list -> list.prefix().equals(prefix))
            .sorted(Comparator.comparingLong(list -> list.call().returned()))
            .toList();
    int returned = 0;
    int written = 0;
    Operation newestWrite = null;
    for (ListSeen list : lists) {
      if (!list.prefix().equals(prefix)) {
        continue;
      }
      for (; returned < byReturn.size(); returned++) {
        ListSeen other = byReturn.get(returned);
        if (!other.call().precedes(list.call())) {
          break;
        }
        newest.merge(other.call().door(), other, (a, b) -> a.revision() >= b.revision() ? a : b);
      }
      for (; written < writes.size(); written++) {
        Operation write = writes.get(written);
        if (!write.call().precedes(list.call())) {
          break;
        }
        boolean listed = write.key().startsWith(prefix);
        if (listed && (newestWrite == null || write.revision() > newestWrite.revision())) {
          newestWrite = write;
        }
      }
      ListSeen before = newest.get(list.call().door());
      if (before != null && before.revision() > list.revision()) {
        String words = "stands at " + list.revision() + " after one at " + before.revision();
        found.add(new Violation(PROMISE, prefix, words, List.of(before, list)));
      }
      if (newestWrite != null && newestWrite.revision() > list.revision()) {
        String words = "stands at " + list.revision() + " after a change at a later one";
        found.add(new Violation(PROMISE, prefix, words, List.of(newestWrite, list)));
      }
    }
  }

  private void add(ListSeen list, String key, String words) {
    List<io.kubekv.e2e.faults.history.Line> evidence = new ArrayList<>();
    changes.last(key, list.revision()).ifPresent(change -> evidence.add(change.source()));
    evidence.add(list);
    found.add(new Violation(PROMISE, key, words, evidence));
  }
}
