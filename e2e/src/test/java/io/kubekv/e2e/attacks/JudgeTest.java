package io.kubekv.e2e.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.Finding;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every judge of an attack turns red on what it is there for, and on nothing else. */
class JudgeTest {
  private static final long MIB = 1 << 20;
  private static final Observed.Seen QUIET = new Observed.Seen(2, 200, 0);
  private static final Observed.Memory MEMORY =
      new Observed.Memory(60 * MIB, 614 * MIB, 5 * MIB, 0);

  private boolean times = true;
  private boolean alive = true;
  private Observed.Seen quiet = QUIET;
  private Observed.Seen during = new Observed.Seen(9, 400, 0);
  private Duration slowestHealth = Duration.ofMillis(40);
  private Observed.Memory after = MEMORY;
  private long mayKeep;
  private long logged = 300;
  private long acknowledged = 320;
  private long wrong;

  private List<String> red() {
    Observed seen =
        new Observed(
            alive,
            quiet,
            during,
            slowestHealth,
            MEMORY,
            after,
            mayKeep,
            logged,
            acknowledged,
            wrong);
    return Judge.judge(seen, times).stream()
        .filter(finding -> !finding.holds())
        .map(Finding::what)
        .toList();
  }

  @Test
  void aServerThatBearsIt_isRedInNothing() {
    assertThat(red()).isEmpty();
  }

  @Test
  void aServerThatEnded_isRed() {
    alive = false;

    assertThat(red()).containsExactly("the process is the same and lives");
  }

  @Test
  void others_whoWaitLongerThanTheFloor_andFiveTimesAsLong_areRed() {
    during = new Observed.Seen(Judge.FLOOR_MILLIS + 1, 400, 0);
    assertThat(red()).containsExactly("others' p99");

    quiet = new Observed.Seen(during.p99Millis() / Judge.SLOWER - 0.1, 200, 0);
    assertThat(red()).containsExactly("others' p99");
  }

  @Test
  void whereTimesAreNotCompared_whatHangsIsRed() {
    times = false;
    during = new Observed.Seen(Judge.HANGING_MILLIS, 400, 0);
    slowestHealth = Judge.HEALTH.plusMillis(1);
    assertThat(red()).isEmpty();

    during = new Observed.Seen(Judge.HANGING_MILLIS + 1, 400, 0);
    slowestHealth = Duration.ofMillis((long) Judge.HANGING_MILLIS + 1);
    assertThat(red()).containsExactlyInAnyOrder("others' p99", "the slowest /healthz");
  }

  @Test
  void others_whoWaitLess_areNotRed() {
    during = new Observed.Seen(Judge.FLOOR_MILLIS, 400, 0);
    assertThat(red()).isEmpty();

    quiet = new Observed.Seen(100, 200, 0);
    during = new Observed.Seen(500, 400, 0);
    assertThat(red()).isEmpty();
  }

  @Test
  void others_whoseRequestFails_areRed() {
    during = new Observed.Seen(9, 400, 1);

    assertThat(red()).containsExactly("others' requests that failed");
  }

  @Test
  void others_whoWereNotThere_areRed() {
    during = new Observed.Seen(0, 0, 0);

    assertThat(red()).containsExactly("others' requests");
  }

  @Test
  void health_thatIsSilentForLongerThanAProbeWaits_isRed() {
    slowestHealth = Judge.HEALTH.plusMillis(1);

    assertThat(red()).containsExactly("the slowest /healthz");
  }

  @Test
  void heap_thatIsNotBack_isRed_unlessItHoldsWhatWasStored() {
    after =
        new Observed.Memory(
            MEMORY.heap() + Judge.HEAP_SLACK + MIB, MEMORY.limit(), MEMORY.direct(), 0);
    assertThat(red()).containsExactly("heap afterwards");

    mayKeep = MIB;
    assertThat(red()).isEmpty();
  }

  @Test
  void directMemory_thatIsNotBack_isRed() {
    mayKeep = 100 * MIB; // stored values are on the heap
    after =
        new Observed.Memory(
            MEMORY.heap(), MEMORY.limit(), MEMORY.direct() + Judge.DIRECT_SLACK + 1, 0);

    assertThat(red()).containsExactly("direct memory afterwards");
  }

  @Test
  void aLogThatIsFlooded_isRed() {
    logged = Judge.LOG + 1;

    assertThat(red()).containsExactly("KiB of log");
  }

  @Test
  void oneKeyThatIsWrong_isRed() {
    wrong = 1;

    assertThat(red()).containsExactly("acknowledged keys that are missing or wrong");
  }

  @Test
  void dataThatWasNeverThere_isRed() {
    acknowledged = 0;

    assertThat(red()).containsExactly("acknowledged keys that are missing or wrong");
  }
}
