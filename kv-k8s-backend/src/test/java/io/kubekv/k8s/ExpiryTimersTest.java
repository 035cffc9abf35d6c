package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clocks begin five seconds before the monotonic one wraps round. */
class ExpiryTimersTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofNanos(1);
  private static final Key A = Key.of("a");
  private static final Key B = Key.of("b");

  private final FakeClocks clocks = new FakeClocks();
  private final List<String> due = new ArrayList<>();
  private final List<Long> since = new ArrayList<>();
  private final ExpiryTimers timers =
      new ExpiryTimers(
          clocks,
          (key, revision, end) -> {
            due.add(key + "@" + revision);
            since.add(end);
          });

  @Test
  void tellDue_beforeTheTime_tellsNothing() {
    timers.set(A, at(1), TEN);
    clocks.advance(TEN.minus(TICK));

    timers.tellDue();

    assertThat(due).isEmpty();
  }

  @Test
  void tellDue_afterTheTime_tellsOnceAndInOrder() {
    timers.set(B, at(2), TEN);
    timers.set(A, at(1), TEN.plusSeconds(1));
    clocks.advance(TEN.plusSeconds(1));

    timers.tellDue();
    timers.tellDue();

    assertThat(due).containsExactly("b@2", "a@1");
  }

  @Test
  void tellDue_wallClockSetForward_tellsNothing() {
    timers.set(A, at(1), TEN);
    clocks.setWall(clocks.wall().plusSeconds(3600));

    timers.tellDue();

    assertThat(due).isEmpty();
  }

  @Test
  void restart_whenTheRefreshIsAnswered_countsFromTheAnswer() {
    timers.set(A, at(1), TEN);
    clocks.advance(Duration.ofSeconds(3));
    timers.restart(A, at(1), TEN);
    clocks.advance(TEN.minus(TICK));
    timers.tellDue();
    assertThat(due).isEmpty();

    clocks.advance(TICK);
    timers.tellDue();
    assertThat(due).containsExactly("a@1");
  }

  @Test
  void restart_ofARevisionThatWasReplaced_changesNothing() {
    timers.set(A, at(1), TEN);
    timers.set(A, at(2), Duration.ofSeconds(1));
    timers.restart(A, at(1), TEN);
    clocks.advance(Duration.ofSeconds(1));

    timers.tellDue();

    assertThat(due).containsExactly("a@2");
  }

  @Test
  void keep_ofTheSameRevision_doesNotCountAnew() {
    timers.set(A, at(1), TEN);
    clocks.advance(Duration.ofSeconds(3));
    timers.keep(A, at(1), TEN);
    clocks.advance(Duration.ofSeconds(7));

    timers.tellDue();

    assertThat(due).containsExactly("a@1");
  }

  @Test
  void keep_ofANewRevision_countsFromNow() {
    timers.set(A, at(1), TEN);
    clocks.advance(Duration.ofSeconds(3));
    timers.keep(A, at(2), TEN);
    timers.keep(B, at(3), TEN);
    clocks.advance(TEN.minus(TICK));
    timers.tellDue();
    assertThat(due).isEmpty();

    clocks.advance(TICK);
    timers.tellDue();
    assertThat(due).containsExactly("a@2", "b@3");
  }

  @Test
  void set_ofAnOlderRevision_doesNotReplaceTheNewer() {
    timers.set(A, at(2), TEN);
    timers.set(A, at(1), TEN);
    clocks.advance(TEN);

    timers.tellDue();

    assertThat(due).containsExactly("a@2");
  }

  @Test
  void clear_always_forgets() {
    timers.set(A, at(1), TEN);
    timers.clear(A);
    clocks.advance(TEN);

    timers.tellDue();

    assertThat(due).isEmpty();
  }

  @Test
  void retry_whileTheKeyHasANewTimer_doesNothing() {
    timers.set(A, at(2), TEN);
    timers.retry(A, at(1), Duration.ZERO, clocks.nanoTime());

    timers.tellDue();

    assertThat(due).isEmpty();
  }

  @Test
  void retry_afterItWasTold_tellsAgain() {
    timers.set(A, at(1), TEN);
    clocks.advance(TEN);
    timers.tellDue();
    timers.retry(A, at(1), Duration.ofSeconds(1), since.getFirst());
    clocks.advance(Duration.ofSeconds(1));

    timers.tellDue();

    assertThat(due).containsExactly("a@1", "a@1");
    assertThat(since.getLast()).isEqualTo(since.getFirst());
  }

  @Test
  void set_forLongerThanTimeGoesOn_neverEnds() {
    timers.set(A, at(1), Duration.ofSeconds(Long.MAX_VALUE));
    clocks.advance(Duration.ofDays(10_000));

    timers.tellDue();

    assertThat(due).isEmpty();
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void run_closed_returns() throws InterruptedException {
    Thread runner = Thread.ofVirtual().start(timers::run);

    timers.close();

    runner.join();
  }

  private static Revision at(long revision) {
    return new Revision(revision);
  }
}
