package io.kubekv.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CostReadingTest {
  private static CostReading reading(double seconds, double log) {
    return new CostReading(seconds, Map.of("etcd.wal", log));
  }

  @Test
  void since_isWhatCameInBetween() {
    CostReading difference = reading(30, 5000).since(reading(10, 2000));

    assertThat(difference).isEqualTo(reading(20, 3000));
  }

  @Test
  void without_takesOffWhatWouldHaveComeAnyway() {
    CostReading left = reading(20, 3000).without(reading(10, 100));

    assertThat(left.of("etcd.wal")).isEqualTo(2800);
  }

  @Test
  void without_addsNothingWhereSomethingShrankMeanwhile() {
    CostReading left = reading(20, 3000).without(reading(10, -4096));

    assertThat(left.of("etcd.wal")).isEqualTo(3000);
  }

  @Test
  void of_whatIsNotCounted_isRefused() {
    assertThatThrownBy(() -> reading(1, 1).of("api.lists")).hasMessageContaining("api.lists");
  }

  @Test
  void check_holdsWithinThirtyPercent() {
    assertThat(new CostCheck("puts", "etcd.wal", 129, 100).holds()).isTrue();
    assertThat(new CostCheck("puts", "etcd.wal", 71, 100).holds()).isTrue();
    assertThat(new CostCheck("puts", "etcd.wal", 131, 100).holds()).isFalse();
    assertThat(new CostCheck("puts", "etcd.wal", 69, 100).holds()).isFalse();
    assertThat(new CostCheck("puts", "etcd.wal", 69, 0).holds()).isFalse();
    assertThat(new CostCheck("none", "etcd.wal", 0, 0).holds()).isFalse();
  }
}
