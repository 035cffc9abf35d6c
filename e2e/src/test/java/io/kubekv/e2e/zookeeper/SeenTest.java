package io.kubekv.e2e.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.Finding;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of what was seen: each bar can be missed. */
class SeenTest {
  private static final Duration BACK = Duration.ofSeconds(5);

  private static List<String> missed(List<Finding> findings) {
    return findings.stream().filter(finding -> !finding.holds()).map(Finding::what).toList();
  }

  private static List<String> sessions(
      long signs, long entries, long revisions, double cores, int over, int kept, int orphans) {
    return missed(seen(signs, entries, revisions, cores, true, over, kept, orphans).judged());
  }

  private static SessionsSeen seen(
      long signs,
      long entries,
      long revisions,
      double cores,
      boolean settled,
      int over,
      int kept,
      int orphans) {
    return new SessionsSeen(
        1000,
        Duration.ofSeconds(30),
        Duration.ofSeconds(40),
        signs,
        entries,
        revisions,
        cores,
        settled,
        BACK,
        over,
        kept,
        20,
        orphans);
  }

  @Test
  void sessions_thatCostNothingAndAreKept_holdAllBars() {
    assertThat(sessions(4000, 18, 0, 0.5, 0, 980, 0)).isEmpty();
  }

  @Test
  void entriesOfTheLog_areThoseOfTheClockAtMost() {
    assertThat(sessions(4000, 19, 0, 0.5, 0, 980, 0)).singleElement().asString().contains("log");
    assertThat(sessions(4000, 18, 1, 0.5, 0, 980, 0))
        .singleElement()
        .asString()
        .contains("revisions");
  }

  @Test
  void processor_isHalfAtMost_onceItIsSettled() {
    assertThat(missed(seen(4000, 18, 0, 0.51, false, 0, 980, 0).judged())).isEmpty();
    assertThat(sessions(4000, 18, 0, 0.51, 0, 980, 0))
        .singleElement()
        .asString()
        .contains("processors");
  }

  @Test
  void signs_areGivenByEach() {
    assertThat(sessions(999, 18, 0, 0.5, 0, 980, 0)).singleElement().asString().contains("lives");
  }

  @Test
  void sessionsAndNodes_areKeptWhereTheyCameBack_andNowhereElse() {
    assertThat(sessions(4000, 18, 0, 0.5, 1, 979, 0)).hasSize(2);
    assertThat(sessions(4000, 18, 0, 0.5, 0, 979, 0)).hasSize(1);
    assertThat(sessions(4000, 18, 0, 0.5, 0, 980, 1))
        .singleElement()
        .asString()
        .contains("stayed away");
  }

  private static List<String> idle(
      long held, long bytesHeld, long bytesLeft, int open, double earliest, double latest) {
    return missed(
        new IdleSeen(
                1000,
                held,
                bytesHeld,
                bytesLeft,
                open,
                0,
                Duration.ofMillis((long) (earliest * 1000)),
                Duration.ofMillis((long) (latest * 1000)),
                9,
                0,
                BACK)
            .judged());
  }

  @Test
  void idleConnections_thatAreCutInTime_holdAllBars() {
    assertThat(idle(1001, 8_000_000, 1_000_000, 0, 30.1, 31.2)).isEmpty();
  }

  @Test
  void idleConnections_areHeldAndThenCut() {
    assertThat(idle(999, 8_000_000, 0, 0, 30.1, 31.2)).hasSize(1);
    assertThat(idle(1000, 8_000_000, 0, 1, 30.1, 31.2)).hasSize(1);
    assertThat(idle(1000, 8_000_000, 0, 0, 29.9, 31.2)).hasSize(1);
    assertThat(idle(1000, 8_000_000, 0, 0, 30.1, 36.1)).hasSize(1);
  }

  @Test
  void memory_isBoundedAndGivenBack() {
    assertThat(idle(1000, 17_000_000, 0, 0, 30.1, 31.2)).hasSize(1);
    assertThat(idle(1000, 8_000_000, 13_000_000, 0, 30.1, 31.2)).hasSize(1);
  }

  @Test
  void othersAreServedMeanwhile() {
    IdleSeen unserved =
        new IdleSeen(1, 1, 0, 0, 0, 1, IdleSeen.LIMIT, IdleSeen.LIMIT, 0, 1, BACK.plusMillis(10));

    assertThat(missed(unserved.judged())).hasSize(4);
  }
}
