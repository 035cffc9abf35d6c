package io.kubekv.e2e.faults.check;

import static io.kubekv.e2e.faults.check.Histories.delete;
import static io.kubekv.e2e.faults.check.Histories.ended;
import static io.kubekv.e2e.faults.check.Histories.list;
import static io.kubekv.e2e.faults.check.Histories.put;
import static io.kubekv.e2e.faults.check.Histories.saw;
import static io.kubekv.e2e.faults.check.Histories.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListsTest {
  private static final ListSeen.Item A = new ListSeen.Item("k", "a", 1);
  private static final ListSeen.Item B = new ListSeen.Item("k", "b", 2);

  private static List<Violation> violations(History history) {
    return new Lists(history).violations();
  }

  @Test
  void list_atItsRevision() {
    assertThat(
            violations(
                Histories.of(
                    put(0, 1, "a", 1), list(0, 3, 1, A), put(2, 9, "b", 2), list(4, 8, 2, B))))
        .isEmpty();
  }

  @Test
  void list_thatLacksAChangeBeforeItsRevision() {
    assertThat(violations(Histories.of(put(0, 1, "a", 1), put(2, 9, "b", 2), list(4, 8, 2, A))))
        .isNotEmpty();
  }

  @Test
  void list_thatShowsALaterChangeThanItsRevision() {
    assertThat(violations(Histories.of(put(0, 5, "b", 2), list(2, 4, 1, B)))).isNotEmpty();
  }

  @Test
  void list_afterAnotherAtALaterRevision() {
    assertThat(
            violations(
                Histories.of(
                    put(0, 9, "a", 1), put(0, 9, "b", 2), list(1, 2, 2, B), list(3, 4, 1, A))))
        .isNotEmpty();
  }

  /** Consul's door tells no revision of a delete. */
  @Test
  void list_afterADeleteWithoutARevision_whereNoWatcherWas() {
    assertThat(
            violations(
                Histories.of(
                    put(0, 1, "a", 1), delete(2, 3, Result.DONE, Sight.NONE, 0), list(4, 5, 3))))
        .isEmpty();
  }

  @Test
  void list_thatLacksWhatAWatcherWouldHaveSeenGo() {
    assertThat(
            violations(
                Histories.of(
                    started(0, 0),
                    put(0, 1, "a", 1),
                    saw(1, "a", 1, Sight.ABSENT),
                    delete(6, 7, Result.DONE, Sight.NONE, 0),
                    list(4, 5, 1),
                    ended(9, 9))))
        .isNotEmpty();
  }

  @Test
  void revision_thatIsTwoChanges() {
    assertThat(violations(Histories.of(put(0, 9, "a", 1), put(0, 9, "b", 1)))).isNotEmpty();
  }
}
