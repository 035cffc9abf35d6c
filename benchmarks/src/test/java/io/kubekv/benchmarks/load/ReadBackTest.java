package io.kubekv.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ReadBackTest {
  private static final Keys KEYS = Keys.of("test", 10, 20);

  private final HandTicker ticker = new HandTicker();
  private final Map<String, Long> modified = new ConcurrentHashMap<>();
  private long revision = 5;

  /** A store that drops writes, or does them and moves its revision by so much. */
  private Client.Connector store(boolean drops, int step) {
    return () ->
        new Client() {
          @Override
          public void perform(Operation operation) {
            ticker.pass(Duration.ofMillis(10).toNanos());
            if (operation instanceof Operation.Put put) {
              revision += step;
              modified.merge(put.key(), drops ? 0 : revision, Math::max);
            }
          }

          @Override
          public long revision() {
            return revision;
          }

          @Override
          public long modified(String key) {
            return modified.getOrDefault(key, 0L);
          }

          @Override
          public void close() {}
        };
  }

  private void slice(Client.Connector store, Workload workload) throws IOException {
    try (ReadBack readBack = ReadBack.before(store)) {
      LoadDriver driver = new LoadDriver(ticker, 1, store, workload, 7);
      readBack.require(driver.run(() -> Pace.closed(ticker, Duration.ofMillis(200))));
    }
  }

  @Test
  void writesThatAreDone_areAccepted_alsoBesideThoseOfOthers() {
    assertThatCode(() -> slice(store(false, 1), Workload.puts(KEYS))).doesNotThrowAnyException();
    assertThatCode(() -> slice(store(false, 3), Workload.puts(KEYS))).doesNotThrowAnyException();
  }

  @Test
  void writesThatMoveNoRevision_failTheSlice() {
    assertThatThrownBy(() -> slice(store(true, 0), Workload.puts(KEYS)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "20 writes were acknowledged and the revision moved by 0 only: writes that change"
                + " nothing are void");
  }

  @Test
  void writesThatChangeNoKey_failTheSlice_thoughOthersMoveTheRevision() {
    assertThatThrownBy(() -> slice(store(true, 1), Workload.puts(KEYS)))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("a write of test/d0/k[0-9] was acknowledged, and it has not changed");
  }

  @Test
  void reads_areHeldToNothing() {
    assertThatCode(() -> slice(store(true, 0), Workload.gets(KEYS))).doesNotThrowAnyException();
  }
}
