package io.kubekv.k8s.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What fails again and again is told, and does not flood the log. */
class ToldFailuresTest {
  private final FakeClocks clocks = new FakeClocks();
  private final ToldFailures failures = new ToldFailures(clocks);

  @Test
  void theSameTwiceASecondForAnHour_isToldOnceAMinute() {
    int told = 0;
    for (int i = 0; i < 2 * 3600; i++) {
      told += failures.isWorthTelling("no room") ? 1 : 0;
      clocks.advance(Duration.ofMillis(500));
    }

    assertThat(told).isEqualTo(60);
  }

  @Test
  void another_isToldAtOnce() {
    assertThat(failures.isWorthTelling("no room")).isTrue();
    assertThat(failures.isWorthTelling("no answer")).isTrue();
    assertThat(failures.isWorthTelling("no answer")).isFalse();
  }

  @Test
  void theSameAfterItWorked_isToldAtOnce() {
    failures.isWorthTelling("no room");

    failures.over();

    assertThat(failures.isWorthTelling("no room")).isTrue();
  }
}
