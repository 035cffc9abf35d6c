package io.kubekv.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.FaultsCheck.Counts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultsCheckTest {
  private static boolean passes(Counts counts, int faults, int violations, boolean allStruck) {
    return FaultsCheck.verdict(Duration.ofMinutes(30), counts, faults, violations, allStruck)
        .holds();
  }

  @Test
  void verdict_ofARunThatDidEnough_passes() {
    assertThat(passes(new Counts(200_000, 20_000, 5_000), 100, 0, true)).isTrue();
  }

  @Test
  void verdict_ofARunThatDidTooLittle_fails() {
    assertThat(passes(new Counts(199_999, 20_000, 5_000), 100, 0, true)).isFalse();
    assertThat(passes(new Counts(200_000, 19_999, 5_000), 100, 0, true)).isFalse();
    assertThat(passes(new Counts(200_000, 20_000, 4_999), 100, 0, true)).isFalse();
    assertThat(passes(new Counts(200_000, 20_000, 5_000), 99, 0, true)).isFalse();
    assertThat(passes(new Counts(200_000, 20_000, 5_000), 100, 0, false)).isFalse();
  }

  @Test
  void verdict_ofARunThatFoundSomething_fails() {
    assertThat(passes(new Counts(200_000, 20_000, 5_000), 100, 1, true)).isFalse();
  }

  @Test
  void verdict_ofAShortRunWhoseClientsComparedNothing_fails() {
    Counts counts = new Counts(200_000, 20_000, 0);
    assertThat(FaultsCheck.verdict(Duration.ofSeconds(75), counts, 100, 0, true).holds()).isFalse();
  }
}
