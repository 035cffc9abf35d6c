package io.kubekv.e2e.faults.check;

import static io.kubekv.e2e.faults.check.Histories.failedPut;
import static io.kubekv.e2e.faults.check.Histories.get;
import static io.kubekv.e2e.faults.check.Histories.gone;
import static io.kubekv.e2e.faults.check.Histories.list;
import static io.kubekv.e2e.faults.check.Histories.put;
import static io.kubekv.e2e.faults.check.Histories.saw;
import static io.kubekv.e2e.faults.check.Histories.started;
import static io.kubekv.e2e.faults.check.Histories.swap;
import static io.kubekv.e2e.faults.check.Histories.unknownPut;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static List<Violation> violations(History history) {
    return new Keys(history).violations();
  }

  @Test
  void list_isARead() {
    ListSeen.Item old = new ListSeen.Item("k", "a", 1);
    assertThat(violations(Histories.of(put(0, 1, "a", 1), list(2, 3, 1, old)))).isEmpty();
    assertThat(violations(Histories.of(put(0, 1, "a", 1), put(2, 3, "b", 2), list(4, 5, 2, old))))
        .hasSize(1);
  }

  @Test
  void list_withoutAKey_isAReadOfNothing() {
    assertThat(violations(Histories.of(put(0, 1, "a", 1), list(2, 3, 1)))).hasSize(1);
  }

  @Test
  void failedChange_mustNotShow() {
    assertThat(violations(Histories.of(failedPut(0, 1, "a"), get(2, 3, Sight.of("a", 1)))))
        .hasSize(1);
  }

  @Test
  void unknownChange_hasTheRevisionThatAReadShows() {
    assertThat(
            violations(
                Histories.of(
                    unknownPut(0, 1, "a"),
                    put(2, 3, "b", 2),
                    get(4, 5, Sight.of("b", 2)),
                    get(6, 7, Sight.of("a", 3)))))
        .isEmpty();
  }

  @Test
  void unknownChange_thatNoWatcherSaw_didNotHappen() {
    assertThat(
            violations(
                Histories.of(
                    started(0, 0),
                    put(0, 1, "a", 1),
                    saw(1, "a", 1, Sight.ABSENT),
                    unknownPut(2, 3, "b"),
                    swap(4, 5, "c", 1, Result.REFUSED, 0),
                    put(6, 7, "d", 3),
                    saw(7, "d", 3, Sight.of("a", 1)))))
        .hasSize(1);
  }

  @Test
  void unknownChange_thatNoWatcherCanHaveSeen_mayHaveHappened() {
    assertThat(
            violations(
                Histories.of(
                    started(0, 0),
                    put(0, 1, "a", 1),
                    saw(1, "a", 1, Sight.ABSENT),
                    gone(2, 1),
                    unknownPut(2, 3, "b"),
                    swap(4, 5, "c", 1, Result.REFUSED, 0),
                    put(6, 7, "d", 3),
                    started(8, 3))))
        .isEmpty();
  }

  @Test
  void manyUnknownChanges_areNoObstacle_whenWatched() {
    List<Line> lines = new ArrayList<>();
    lines.add(started(0, 0));
    for (int i = 1; i <= 200; i++) {
      lines.add(unknownPut(i, i + 1, "lost" + i));
      lines.add(put(10L * i, 10L * i + 1, "v" + i, i));
      lines.add(saw(10L * i + 1, "v" + i, i, Sight.NONE));
      lines.add(swap(10L * i + 2, 10L * i + 3, "never" + i, i + 1, Result.REFUSED, 0));
    }
    assertThat(violations(Histories.of(lines.toArray(Line[]::new)))).isEmpty();
  }

  /** Without the first search, that for an order with them, each dead end tries them all. */
  @Test
  void manyUnknownChanges_areNoObstacle_whereNoWatcherWas() {
    List<Line> lines = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      lines.add(unknownPut(i, i + 1, "lost" + i));
    }
    for (int i = 21; i <= 60; i++) {
      lines.add(put(10L * i, 10L * i + 5, "first" + i, 0));
      lines.add(put(10L * i, 10L * i + 5, "last" + i, 0));
      lines.add(get(10L * i + 6, 10L * i + 7, Sight.of("first" + i, i)));
    }
    assertThat(violations(Histories.of(lines.toArray(Line[]::new)))).isEmpty();
  }

  @Test
  void violation_isMinimised() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      operations.add(put(10L * i, 10L * i + 1, "v" + i, i));
      operations.add(get(10L * i + 2, 10L * i + 3, Sight.of("v" + i, i)));
    }
    Operation stale = get(405, 406, Sight.of("v39", 39));
    operations.add(stale);
    List<Violation> found = violations(Histories.of(operations.toArray(Operation[]::new)));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().evidence()).contains(stale).hasSizeLessThanOrEqualTo(3);
  }
}
