package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.LockExchange;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A lock that two clients take turns with. */
record LockScenario(
    Chapter chapter, List<Entrant> entrants, int rounds, Duration slice, Duration warmUp)
    implements Scenario {
  @Override
  public List<Double> points() {
    return List.of(2.0);
  }

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    exchange(contestant, warmUp);
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    Histogram times = exchange(contestant, slice);
    return Map.of(
        Figure.P50,
        times.getValueAtPercentile(50) / 1e6,
        Figure.P99,
        times.getValueAtPercentile(99) / 1e6);
  }

  private static Histogram exchange(Contestant contestant, Duration time) throws IOException {
    try (LockExchange lock = new LockExchange(contestant.store().orElseThrow().address())) {
      return lock.run(time);
    }
  }
}
