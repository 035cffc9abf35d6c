package io.kubekv.e2e.faults.check;

import static io.kubekv.e2e.faults.check.Histories.lock;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.LockCall.Step;
import io.kubekv.e2e.faults.history.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions live for a second after their last sign of life, at least. */
class LocksTest {
  private static List<Violation> violations(Line... lines) {
    return new Locks(Histories.of(lines)).violations();
  }

  @Test
  void lock_handedOver() {
    assertThat(
            violations(
                lock(0, 1, Step.BEGIN, "s1", Result.DONE, 0),
                lock(0, 1, Step.BEGIN, "s2", Result.DONE, 0),
                lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10),
                lock(4, 5, Step.ACQUIRE, "s2", Result.REFUSED, 0),
                lock(6, 9, Step.RELEASE, "s1", Result.DONE, 0),
                lock(7, 8, Step.ACQUIRE, "s2", Result.DONE, 11)))
        .isEmpty();
  }

  @Test
  void lock_heldByTwo() {
    assertThat(
            violations(
                lock(0, 1, Step.BEGIN, "s1", Result.DONE, 0),
                lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10),
                lock(7, 8, Step.ACQUIRE, "s2", Result.DONE, 11)))
        .hasSize(1);
  }

  @Test
  void lock_takenFromOneThatLivesByItsRenewal() {
    Line[] lines = {
      lock(0, 1, Step.BEGIN, "s1", Result.DONE, 0),
      lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10),
      lock(900, 901, Step.RENEW, "s1", Result.DONE, 0),
      lock(1500, 1501, Step.ACQUIRE, "s2", Result.DONE, 11)
    };
    assertThat(violations(lines)).hasSize(1);
  }

  @Test
  void lock_takenFromOneThatMayBeDead() {
    assertThat(
            violations(
                lock(0, 1, Step.BEGIN, "s1", Result.DONE, 0),
                lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10),
                lock(900, 901, Step.RENEW, "s1", Result.UNKNOWN, 0),
                lock(1500, 1501, Step.ACQUIRE, "s2", Result.DONE, 11)))
        .isEmpty();
  }

  @Test
  void token_thatGoesBack() {
    assertThat(
            violations(
                lock(0, 1, Step.ACQUIRE, "s1", Result.DONE, 10),
                lock(2, 3, Step.END, "s1", Result.DONE, 0),
                lock(7, 8, Step.ACQUIRE, "s2", Result.DONE, 9)))
        .hasSize(1);
  }

  @Test
  void lock_forASessionThatHasEnded() {
    assertThat(
            violations(
                lock(0, 1, Step.END, "s1", Result.DONE, 0),
                lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10)))
        .hasSize(1);
    assertThat(
            violations(
                lock(0, 1, Step.RENEW, "s1", Result.REFUSED, 0),
                lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10)))
        .hasSize(1);
    assertThat(
            violations(
                lock(0, 3, Step.END, "s1", Result.DONE, 0),
                lock(2, 3, Step.ACQUIRE, "s1", Result.DONE, 10)))
        .isEmpty();
  }
}
