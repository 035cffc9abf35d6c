package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.DockerHosts;
import io.kubekv.benchmarks.report.Chapter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How many Docker engines a store bears on this machine: more and more of them, as long as all but
 * a hundredth of the heartbeats reach every engine within a second.
 *
 * @param growth how many times as many hosts each step has
 */
record MostHostsScenario(
    Chapter chapter, List<Entrant> entrants, int rounds, Duration slice, double growth)
    implements Scenario {
  static final String MOST = "most_hosts";
  private static final int FIRST = 20;
  private static final int LIMIT = 1500;
  private static final long WITHIN_NANOS = 1_000_000_000L;

  @Override
  public List<Double> points() {
    return List.of(1.0);
  }

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    DockerScenario.run(contestant, FIRST, seed, slice);
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    int most = 0;
    for (int hosts = FIRST; hosts <= LIMIT; hosts = (int) (hosts * growth)) {
      if (!bears(contestant, hosts, seed)) {
        break;
      }
      most = hosts;
    }
    return Map.of(MOST, (double) most);
  }

  private boolean bears(Contestant contestant, int hosts, long seed) {
    try {
      DockerHosts.Outcome outcome = DockerScenario.run(contestant, hosts, seed, slice);
      return outcome.lags().getValueAtPercentile(99) <= WITHIN_NANOS;
    } catch (IOException failed) {
      return false;
    }
  }
}
