package io.kubekv.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ProvenTest {
  private static final Duration ANY = Duration.ofSeconds(1);
  private static final int WRITES = 20;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Written written = new Written(10, key -> "k" + key);
  private final Map<String, Long> modified = new HashMap<>();
  private long revision = 5;

  private final Client.Connector store =
      () ->
          new Client() {
            @Override
            public void perform(Operation operation) {
              throw new AssertionError("only looks");
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

  /** What a contestant does for a write that it calls acknowledged. */
  private interface Write {
    void of(String key);
  }

  private Proven contestant(Write write) {
    return new Proven(
        new SideBySide.Contestant() {
          @Override
          public String name() {
            return "one";
          }

          @Override
          public ClosedLoop.Result slice(int clients, Duration time) {
            Histogram times = new Histogram(3);
            for (int i = 0; i < WRITES; i++) {
              write.of("k" + written.choose(random));
              times.recordValue(1);
            }
            return new ClosedLoop.Result(times, time);
          }
        },
        store,
        written);
  }

  @Test
  void whatIsWritten_isAccepted_sliceBySlice() throws IOException {
    Proven honest = contestant(key -> modified.put(key, ++revision));

    assertThat(honest.slice(1, ANY).times().getTotalCount()).isEqualTo(WRITES);
    assertThat(honest.slice(1, ANY).times().getTotalCount()).isEqualTo(WRITES);
  }

  @Test
  void writesThatAreOnlyAcknowledged_failTheSlice() {
    assertThatThrownBy(() -> contestant(key -> {}).slice(1, ANY))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("one: 20 writes were acknowledged and the revision moved by 0");
  }

  @Test
  void aRevisionThatMovesWithoutTheKeys_failsTheSlice() {
    assertThatThrownBy(() -> contestant(key -> revision++).slice(1, ANY))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("one: a write of k[0-9] was acknowledged, and it has not changed");
  }

  @Test
  void keysOfASliceBefore_doNotCount() throws IOException {
    Proven once = contestant(key -> modified.put(key, ++revision));
    once.slice(1, ANY);

    assertThatThrownBy(() -> contestant(key -> revision++).slice(1, ANY))
        .isInstanceOf(IOException.class);
  }
}
