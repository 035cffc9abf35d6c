package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.DockerHosts;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Figure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The traffic of Docker engines, so many at a time. */
record DockerScenario(
    Chapter chapter,
    List<Entrant> entrants,
    List<Double> points,
    int rounds,
    Duration slice,
    Duration warmUp)
    implements Scenario {
  static final String LAG = "lag_p99_ms";

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    run(contestant, x, seed, warmUp);
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    List<ServerPart> parts = contestant.parts();
    Usage before = Usage.of(parts);
    DockerHosts.Outcome outcome = run(contestant, x, seed, slice);
    Usage after = Usage.of(parts);
    Map<String, Double> figures =
        new HashMap<>(after.since(before, outcome.requests().getTotalCount()));
    double seconds = outcome.took().toNanos() / 1e9;
    figures.put(Figure.PER_SECOND, outcome.requests().getTotalCount() / seconds);
    figures.put(Figure.P50, outcome.requests().getValueAtPercentile(50) / 1e6);
    figures.put(Figure.P99, outcome.requests().getValueAtPercentile(99) / 1e6);
    figures.put("lag_p50_ms", outcome.lags().getValueAtPercentile(50) / 1e6);
    figures.put(LAG, outcome.lags().getValueAtPercentile(99) / 1e6);
    figures.put("events_a_second", outcome.events() / seconds);
    return figures;
  }

  static DockerHosts.Outcome run(Contestant contestant, double x, long seed, Duration time)
      throws IOException {
    InetSocketAddress store = contestant.store().orElseThrow().address();
    try (DockerHosts hosts = new DockerHosts(store, (int) x, seed)) {
      hosts.prepare();
      return hosts.run(time);
    }
  }
}
