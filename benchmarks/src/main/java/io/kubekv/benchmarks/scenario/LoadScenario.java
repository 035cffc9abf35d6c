package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Filling;
import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.load.LoadDriver;
import io.kubekv.benchmarks.load.Pace;
import io.kubekv.benchmarks.load.ReadBack;
import io.kubekv.benchmarks.load.Ticker;
import io.kubekv.benchmarks.load.Workload;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * A load of requests for a time: what each point is, is the caller's to say. A slice whose writes
 * the store has not done fails.
 */
record LoadScenario(
    Chapter chapter,
    List<Entrant> entrants,
    List<Double> points,
    int rounds,
    Duration slice,
    Duration warmUp,
    Protocol protocol,
    DoubleFunction<Load> loads)
    implements Scenario {
  /**
   * The load of one point.
   *
   * @param keys written before
   * @param clients at once
   * @param rate requests a second; absent as fast as they are answered
   */
  record Load(Keys keys, int clients, OptionalDouble rate, Workload workload) {}

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    Load load = loads.apply(x);
    Filling.fill(contestant.client(protocol), load.keys());
    drive(contestant, load, seed, warmUp);
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    List<ServerPart> parts = contestant.parts();
    Usage before;
    LoadDriver.Outcome outcome;
    Usage after;
    try (ReadBack readBack = ReadBack.before(contestant.client(protocol))) {
      before = Usage.of(parts);
      outcome = drive(contestant, loads.apply(x), seed, slice);
      after = Usage.of(parts);
      readBack.require(outcome);
    }
    Map<String, Double> figures =
        new HashMap<>(after.since(before, outcome.times().getTotalCount()));
    figures.put(Figure.PER_SECOND, outcome.perSecond());
    figures.put(Figure.P50, outcome.millisAt(50));
    figures.put("p90_ms", outcome.millisAt(90));
    figures.put(Figure.P99, outcome.millisAt(99));
    figures.put(Figure.P999, outcome.millisAt(99.9));
    figures.put("unsent", (double) outcome.unsent());
    return figures;
  }

  private LoadDriver.Outcome drive(Contestant contestant, Load load, long seed, Duration time)
      throws IOException {
    Ticker ticker = Ticker.SYSTEM;
    return new LoadDriver(
            ticker, load.clients(), contestant.client(protocol), load.workload(), seed)
        .run(() -> pace(ticker, load, time));
  }

  private static Pace pace(Ticker ticker, Load load, Duration time) {
    return load.rate().isPresent()
        ? Pace.fixedRate(ticker, load.rate().getAsDouble(), time)
        : Pace.closed(ticker, time);
  }
}
