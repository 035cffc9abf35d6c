package io.kubekv.e2e.faults.check;

import static io.kubekv.e2e.faults.check.Histories.cleared;
import static io.kubekv.e2e.faults.check.Histories.ended;
import static io.kubekv.e2e.faults.check.Histories.failedPut;
import static io.kubekv.e2e.faults.check.Histories.gone;
import static io.kubekv.e2e.faults.check.Histories.list;
import static io.kubekv.e2e.faults.check.Histories.put;
import static io.kubekv.e2e.faults.check.Histories.saw;
import static io.kubekv.e2e.faults.check.Histories.sawDelete;
import static io.kubekv.e2e.faults.check.Histories.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchesTest {
  private static final Sight A = Sight.of("a", 1);
  private static final Sight B = Sight.of("b", 2);

  private static List<Violation> violations(Line... lines) {
    return new Watches(Histories.of(lines)).violations();
  }

  @Test
  void watch_thatSeesAll() {
    assertThat(
            violations(
                started(0, 0),
                put(0, 1, "a", 1),
                saw(1, "a", 1, Sight.ABSENT),
                put(2, 3, "b", 2),
                saw(3, "b", 2, A),
                sawDelete(4, 3, B),
                ended(5, 3),
                list(6, 7, 3)))
        .isEmpty();
  }

  @Test
  void watch_thatSkips() {
    assertThat(
            violations(
                started(0, 0), put(0, 1, "a", 1), put(2, 3, "b", 2), saw(3, "b", 2, Sight.NONE)))
        .hasSize(1);
  }

  @Test
  void watch_thatSkipsTheLast() {
    assertThat(violations(started(0, 0), put(0, 1, "a", 1), ended(5, 1))).hasSize(1);
  }

  @Test
  void watch_thatIsToldOfAGap() {
    assertThat(
            violations(
                started(0, 0),
                put(0, 1, "a", 1),
                gone(2, 0),
                started(3, 1),
                put(4, 5, "b", 2),
                saw(6, "b", 2, A)))
        .isEmpty();
  }

  @Test
  void singleAnswer_fromBehindAGap() {
    assertThat(
            violations(
                started(0, 0),
                put(0, 1, "a", 1),
                put(2, 3, "b", 2),
                saw(4, "b", 2, Sight.ABSENT),
                cleared(5, 2)))
        .isEmpty();
  }

  @Test
  void answers_beforeTheLastOneBeforeAGap_skipNothing() {
    assertThat(
            violations(
                started(0, 0),
                put(0, 1, "a", 1),
                put(2, 3, "b", 2),
                saw(4, "b", 2, Sight.NONE),
                put(5, 6, "c", 3),
                saw(7, "c", 3, B),
                cleared(8, 3)))
        .isNotEmpty();
  }

  @Test
  void stream_fromBehindAGap() {
    assertThat(
            violations(
                started(0, 0),
                put(0, 1, "a", 1),
                put(2, 3, "b", 2),
                saw(4, "b", 2, Sight.ABSENT),
                gone(5, 2)))
        .isNotEmpty();
  }

  @Test
  void watch_outOfOrder_orTwice() {
    assertThat(violations(started(0, 0), saw(1, "b", 2, Sight.NONE), saw(2, "a", 1, Sight.NONE)))
        .isNotEmpty();
    assertThat(violations(started(0, 0), saw(1, "a", 1, Sight.NONE), saw(2, "a", 1, Sight.NONE)))
        .isNotEmpty();
  }

  @Test
  void watch_withAWrongValueBefore() {
    assertThat(violations(started(0, 0), saw(1, "a", 1, Sight.ABSENT), saw(2, "b", 2, B)))
        .isNotEmpty();
    assertThat(
            violations(started(0, 0), saw(1, "a", 1, Sight.ABSENT), saw(2, "b", 2, Sight.ABSENT)))
        .isNotEmpty();
  }

  @Test
  void watch_thatShowsWhatFailed() {
    assertThat(violations(started(0, 0), failedPut(0, 1, "a"), saw(2, "a", 1, Sight.ABSENT)))
        .isNotEmpty();
  }

  @Test
  void replay_thatLeadsElsewhere() {
    ListSeen.Item other = new ListSeen.Item("k", "a", 1);
    assertThat(
            violations(
                started(0, 0),
                saw(1, "a", 1, Sight.ABSENT),
                saw(2, "b", 2, A),
                ended(3, 2),
                list(4, 5, 2, other)))
        .isNotEmpty();
  }
}
