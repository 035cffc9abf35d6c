package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.load.Operation;
import io.kubekv.benchmarks.load.Workload;
import io.kubekv.benchmarks.report.Chapter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/** How long contestants are warmed up, and what they are asked by. */
class LoadScenarioTest {
  private static final double RATE = 100;
  private static final Duration WARM_UP = Duration.ofMillis(500);
  private static final Duration SLICE = Duration.ofMillis(100);

  /** How many requests are due in a slice. */
  private static final int OF_SLICE = 10;

  private final AtomicInteger gets = new AtomicInteger();
  private final Set<String> put = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final LoadScenario scenario = scenario(x -> Keys.of("test", 1, 10));

  private static LoadScenario scenario(DoubleFunction<Keys> keysOf) {
    return new LoadScenario(
        new Chapter("test", "Test", "", "clients", "etcd-v2", List.of()),
        List.of(Entrant.ETCD_V2, Entrant.ZOOKEEPER),
        List.of(1.0, 4.0),
        1,
        SLICE,
        WARM_UP,
        Entrant::ownProtocol,
        x -> {
          Keys keys = keysOf.apply(x);
          return new LoadScenario.Load(keys, (int) x, OptionalDouble.of(RATE), Workload.gets(keys));
        });
  }

  /** Counts what is read. */
  private final class Counting implements Client {
    @Override
    public void perform(Operation operation) {
      switch (operation) {
        case Operation.Get get -> gets.incrementAndGet();
        case Operation.Put written -> put.add(written.key());
        default -> throw new AssertionError(operation);
      }
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
  }

  /** One that speaks its own protocol only. */
  private Contestant contestant(Entrant entrant) {
    return new Contestant(
        entrant,
        Map.of(
            entrant.ownProtocol(),
            () -> {
              opened.incrementAndGet();
              return new Counting();
            }),
        Optional.empty(),
        Optional.empty(),
        List::of,
        () -> {});
  }

  /** The same in all but identity, as one that was started again may be. */
  private static Contestant again(Contestant former) {
    return new Contestant(
        former.entrant(),
        former.clients(),
        former.store(),
        former.consul(),
        former.partList(),
        former.closing());
  }

  private int readWhenEntered(Contestant contestant, double x) throws IOException {
    gets.set(0);
    scenario.enter(contestant, x, 7);
    return gets.get();
  }

  @Test
  void warmUp_isWholeAtTheFirstPoint_andASliceAtLaterOnes() throws IOException {
    Contestant contestant = contestant(Entrant.ETCD_V2);

    assertThat(readWhenEntered(contestant, 1)).isGreaterThan(OF_SLICE);
    assertThat(readWhenEntered(contestant, 4)).isBetween(1, OF_SLICE);
  }

  @Test
  void oneThatWasStartedAgain_isWarmedUpWhole() throws IOException {
    Contestant contestant = contestant(Entrant.ETCD_V2);
    scenario.enter(contestant, 1, 7);

    assertThat(readWhenEntered(again(contestant), 4)).isGreaterThan(OF_SLICE);
  }

  @Test
  void warmUp_isByAsManyClientsAsTheMiddlePointHas() throws IOException {
    scenario.enter(contestant(Entrant.ETCD_V2), 1, 7);

    assertThat(opened).hasValue(1 + 4 + 1); // who fills, all who warm up, the point's own
  }

  @Test
  void pointsWithOtherKeys_areNotFilledBeforeTheirTurn() throws IOException {
    LoadScenario growing = scenario(x -> Keys.of("growing", (int) x, 10));

    growing.enter(contestant(Entrant.ETCD_V2), 1, 7);

    assertThat(put).containsExactly(Keys.of("growing", 1, 10).name(0));
  }

  @Test
  void warmUpAgain_isNoLongerThanTheFirst() {
    assertThat(LoadScenario.warmUpAgain(WARM_UP, SLICE)).isEqualTo(SLICE);
    assertThat(LoadScenario.warmUpAgain(SLICE, WARM_UP)).isEqualTo(SLICE);
  }

  @Test
  void eachIsAskedByItsOwn() throws IOException {
    Contestant zookeeper = contestant(Entrant.ZOOKEEPER);

    assertThat(readWhenEntered(zookeeper, 1)).isPositive();
    assertThat(scenario.measure(zookeeper, 1, 7)).containsKey("per_second");
  }
}
