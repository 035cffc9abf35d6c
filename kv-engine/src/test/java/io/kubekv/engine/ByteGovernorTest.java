package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ByteGovernorTest {
  private final AtomicLong nanos = new AtomicLong();

  private ByteGovernor governor(long perSecond, long burst) {
    return new ByteGovernor(new ByteRate(perSecond, burst), nanos::get);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void burst_isThereInTheBeginningAndThenTheRate() {
    ByteGovernor governor = governor(100, 1_000);
    governor.spend(999);
    assertThat(governor.pause()).isEmpty();
    governor.spend(201);

    assertThat(governor.pause().orElseThrow()).isBetween(millis(2_009), millis(2_011));
    pass(millis(2_011));
    assertThat(governor.pause()).isEmpty();
    governor.spend(100);
    assertThat(governor.pause()).isPresent();
  }

  @Test
  void stock_growsToTheBurstAndNoFurther() {
    ByteGovernor governor = governor(100, 1_000);
    pass(Duration.ofDays(1));
    assertThat(governor.pause()).isEmpty();
    governor.spend(1_000);

    assertThat(governor.pause()).isPresent();
  }

  @Test
  void unlimited_neverPauses() {
    ByteGovernor governor = new ByteGovernor(ByteRate.UNLIMITED, nanos::get);
    governor.spend(Long.MAX_VALUE / 2);
    pass(Duration.ofSeconds(1));

    assertThat(governor.pause()).isEmpty();
  }

  @Test
  void moreThanTheLogMayBear_isRefusedWithATimeAndChangesNothing() {
    EngineSettings settings =
        EngineSettings.DEFAULT
            .withLogRate(new ByteRate(1_000, 10_000))
            .withClocks(() -> Instant.EPOCH, nanos::get);
    try (EngineStore store =
        EngineStore.open(new MemoryLog().client(new PlainLink()), new TestLease(true), settings)) {
      PutRequest put = PutRequest.of(Key.of("a"), Bytes.copyOf(new byte[20_000]));
      store.put(put);

      assertThatThrownBy(() -> store.put(put))
          .isInstanceOfSatisfying(
              OverloadedException.class,
              refused -> assertThat(refused.retryAfter()).isGreaterThan(Duration.ofSeconds(9)));

      assertThat(store.get(put.key(), Freshness.LINEARIZABLE).entry().orElseThrow().version())
          .isEqualTo(1);
      pass(Duration.ofSeconds(30));
      store.put(put);
    }
  }
}
