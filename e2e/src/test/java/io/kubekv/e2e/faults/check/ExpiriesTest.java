package io.kubekv.e2e.faults.check;

import static io.kubekv.e2e.faults.check.Histories.absent;
import static io.kubekv.e2e.faults.check.Histories.mortal;
import static io.kubekv.e2e.faults.check.Histories.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Disturbance;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.MortalCall.Step;
import io.kubekv.e2e.faults.history.Result;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The time to live is a second, and an expiry may be 500 ms late. */
class ExpiriesTest {
  private static List<Violation> violations(Line... lines) {
    return new Expiries(Histories.of(lines), Duration.ofMillis(500), Duration.ofMillis(100))
        .violations();
  }

  @Test
  void expiry_inTime() {
    assertThat(
            violations(mortal(0, 10, Step.PUT, Result.DONE), there(1400, 1410), absent(1420, 1430)))
        .isEmpty();
  }

  @Test
  void expiry_early() {
    assertThat(violations(mortal(0, 10, Step.PUT, Result.DONE), absent(900, 990))).hasSize(1);
  }

  @Test
  void expiry_earlyAfterARefresh() {
    assertThat(
            violations(
                mortal(0, 10, Step.PUT, Result.DONE),
                mortal(800, 810, Step.REFRESH, Result.DONE),
                absent(1200, 1210)))
        .hasSize(1);
    assertThat(
            violations(
                mortal(0, 10, Step.PUT, Result.DONE),
                mortal(800, 810, Step.REFRESH, Result.UNKNOWN),
                absent(1200, 1210)))
        .isEmpty();
  }

  @Test
  void refresh_thatFindsNothingTooEarly() {
    assertThat(
            violations(
                mortal(0, 10, Step.PUT, Result.DONE),
                mortal(500, 510, Step.REFRESH, Result.REFUSED)))
        .hasSize(1);
  }

  @Test
  void expiry_late() {
    assertThat(violations(mortal(0, 10, Step.PUT, Result.DONE), there(1600, 1610))).hasSize(1);
  }

  @Test
  void expiry_lateAfterATakeOver() {
    Disturbance takeOver = new Disturbance(Disturbance.TAKE_OVER, "r2", 0, 500_000_000);
    assertThat(violations(mortal(0, 10, Step.PUT, Result.DONE), takeOver, there(1900, 1910)))
        .isEmpty();
    assertThat(violations(mortal(0, 10, Step.PUT, Result.DONE), takeOver, there(2200, 2210)))
        .hasSize(1);
  }
}
