package io.kubekv.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadDriverTest {
  private static final long MILLI = 1_000_000;
  private static final Keys KEYS = Keys.of("test", 10, 20);

  private final HandTicker ticker = new HandTicker();
  private final List<Operation> performed = new ArrayList<>();

  /** A store that answers each request after so long, but one of them much later. */
  private Client.Connector store(Duration usual, int slow, Duration much) {
    return () ->
        new Client() {
          @Override
          public void perform(Operation operation) {
            performed.add(operation);
            ticker.pass((performed.size() == slow ? much : usual).toNanos());
          }

          @Override
          public long revision() {
            return 0;
          }

          @Override
          public long modified(String key) {
            return 0;
          }

          @Override
          public void close() {}
        };
  }

  private LoadDriver driver(Client.Connector store) {
    return new LoadDriver(ticker, 1, store, Workload.gets(KEYS), 7);
  }

  @Test
  void closed_sendsTheNextWhenTheLastIsAnswered() throws IOException {
    Client.Connector store = store(Duration.ofMillis(10), 3, Duration.ofMillis(100));

    LoadDriver.Outcome outcome =
        driver(store).run(() -> Pace.closed(ticker, Duration.ofMillis(200)));

    // 2 + 1 slow + 8 more until 200 ms are over
    assertThat(outcome.times().getTotalCount()).isEqualTo(11);
    assertThat(outcome.times().getMaxValue() / MILLI).isEqualTo(100);
    assertThat(outcome.millisAt(50)).isBetween(9.9, 10.1);
    assertThat(outcome.perSecond()).isBetween(54.0, 56.0);
  }

  @Test
  void fixedRate_keepsItsPaceWithAStoreThatFollows() throws IOException {
    Client.Connector store = store(Duration.ofMillis(1), 0, Duration.ZERO);

    LoadDriver.Outcome outcome =
        driver(store).run(() -> Pace.fixedRate(ticker, 100, Duration.ofSeconds(1)));

    assertThat(outcome.times().getTotalCount()).isEqualTo(100);
    assertThat(outcome.took()).isEqualTo(Duration.ofMillis(991));
    assertThat(outcome.millisAt(100)).isBetween(0.9, 1.1);
    assertThat(outcome.unsent()).isZero();
  }

  @Test
  void fixedRate_chargesAHaltToTheRequestsThatItHeldUp() throws IOException {
    Client.Connector store = store(Duration.ofMillis(1), 11, Duration.ofMillis(200));

    LoadDriver.Outcome outcome =
        driver(store).run(() -> Pace.fixedRate(ticker, 100, Duration.ofSeconds(1)));

    // the one that halted, and those that were due meanwhile
    assertThat(outcome.times().getCountBetweenValues(15 * MILLI, 300 * MILLI)).isBetween(20L, 22L);
    assertThat(outcome.times().getTotalCount()).isEqualTo(100);
  }

  @Test
  void fixedRate_givesUpWhatAStoreCannotTake() throws IOException {
    Client.Connector store = store(Duration.ofMillis(100), 0, Duration.ZERO);

    LoadDriver.Outcome outcome =
        driver(store).run(() -> Pace.fixedRate(ticker, 100, Duration.ofSeconds(1)));

    assertThat(outcome.times().getTotalCount() + outcome.unsent()).isEqualTo(100);
    assertThat(outcome.unsent()).isBetween(78L, 81L);
  }

  @Test
  void seed_givesTheSameRequestsAgain() throws IOException {
    Client.Connector store = store(Duration.ofMillis(10), 0, Duration.ZERO);
    driver(store).run(() -> Pace.closed(ticker, Duration.ofMillis(100)));
    List<Operation> first = List.copyOf(performed);
    performed.clear();

    driver(store).run(() -> Pace.closed(ticker, Duration.ofMillis(100)));

    assertThat(performed).isEqualTo(first).hasSize(10);
  }

  @Test
  void failure_endsTheRun() {
    Client.Connector store =
        () ->
            new Client() {
              @Override
              public void perform(Operation operation) throws IOException {
                throw new IOException("no such key");
              }

              @Override
              public long revision() {
                return 0;
              }

              @Override
              public long modified(String key) {
                return 0;
              }

              @Override
              public void close() {}
            };

    assertThatThrownBy(() -> driver(store).run(() -> Pace.closed(ticker, Duration.ofMillis(100))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such key");
  }
}
