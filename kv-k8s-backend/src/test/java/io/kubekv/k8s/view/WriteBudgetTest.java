package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteBudgetTest {
  private static final Duration TICK = Duration.ofMillis(100);

  private final AtomicLong nanos = new AtomicLong();
  private final WriteBudget budget = new WriteBudget(60, nanos::get);

  /** Uses all that there is, tick by tick, while the store changes so often in each. */
  private int written(Duration time, int changesEachTick) {
    int written = 0;
    for (long tick = time.dividedBy(TICK); tick > 0; tick--) {
      nanos.addAndGet(TICK.toNanos());
      budget.changed(changesEachTick);
      for (int left = budget.left(); left > 0; left--) {
        budget.take();
        written++;
      }
    }
    return written;
  }

  @Test
  void left_isASecondsWorthAtMost() {
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(budget.left()).isEqualTo(60);
  }

  @Test
  void written_whileNoMoreChangesThanIsUsual_isAllThatMayBe() {
    assertThat(written(Duration.ofSeconds(10), 12)).isBetween(653, 655);
  }

  @Test
  void written_whileTheStoreChangesMuchFaster_isAThird() {
    written(Duration.ofSeconds(10), 1_000);

    assertThat(written(Duration.ofSeconds(10), 1_000)).isBetween(199, 201);
  }

  @Test
  void written_soonAfterThat_isAllAgain() {
    written(Duration.ofSeconds(10), 1_000);
    written(Duration.ofSeconds(2), 0);

    assertThat(written(Duration.ofSeconds(10), 0)).isBetween(599, 601);
  }

  @Test
  void written_afterAFewChangesAtOnce_isAllThatMayBe() {
    written(Duration.ofSeconds(1), 0);
    budget.changed(100);

    assertThat(written(Duration.ofSeconds(10), 0)).isBetween(599, 601);
  }

  @Test
  void left_ofOneWriteASecond_neverEnds() {
    WriteBudget slow = new WriteBudget(1, nanos::get);
    slow.take();
    slow.changed(1_000);
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());

    assertThat(slow.left()).isEqualTo(1);
  }
}
