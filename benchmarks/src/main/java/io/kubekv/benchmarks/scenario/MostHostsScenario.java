package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.DockerHosts;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * How many Docker engines a store bears on this machine: the most of them of whose heartbeats all
 * but a hundredth reach every engine within a second.
 *
 * @param slice how long each number of hosts runs; longer than the 20 s between heartbeats, or not
 *     every host is heard
 */
record MostHostsScenario(
    Chapter chapter, List<Entrant> entrants, int rounds, Duration slice, Duration warmUp)
    implements Scenario {
  static final String MOST = "most_hosts";

  /** What part of all processor time the engines take at the most that are borne. */
  static final String OF_CLIENT = "client_part";

  private static final int FIRST = 20;
  private static final int LIMIT = 1500;
  private static final double STEP = 1.5;
  private static final double EXACT = 0.05;
  private static final long WITHIN_NANOS = 1_000_000_000L;

  @Override
  public List<Double> points() {
    return List.of(1.0);
  }

  @Override
  public void enter(Contestant contestant, double x, long seed) throws IOException {
    DockerScenario.run(contestant, FIRST, seed, warmUp);
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    List<ServerPart> parts = contestant.parts();
    Map<Integer, Double> ofClient = new HashMap<>();
    int most = most(hosts -> bears(contestant, hosts, seed, parts, ofClient));
    return most == 0
        ? Map.of(MOST, 0.0)
        : Map.of(MOST, (double) most, OF_CLIENT, ofClient.getOrDefault(most, 0.0));
  }

  /**
   * The most hosts that are borne: by steps of a half until one is too much, then by halves of what
   * is left, to a twentieth.
   *
   * @return 0 when not even the first number is borne
   */
  static int most(IntPredicate bears) {
    int borne = 0;
    int next = FIRST;
    while (next <= LIMIT && bears.test(next)) {
      borne = next;
      next = (int) (next * STEP);
    }
    int tooMany = Math.min(next, LIMIT + 1);
    while (borne > 0 && tooMany - borne > Math.max(1, borne * EXACT)) {
      int middle = (borne + tooMany) / 2;
      if (bears.test(middle)) {
        borne = middle;
      } else {
        tooMany = middle;
      }
    }
    return borne;
  }

  private boolean bears(
      Contestant contestant,
      int hosts,
      long seed,
      List<ServerPart> parts,
      Map<Integer, Double> ofClient) {
    try {
      Usage before = Usage.of(parts);
      DockerHosts.Outcome outcome = DockerScenario.run(contestant, hosts, seed, slice);
      Map<String, Double> used = Usage.of(parts).since(before, 1);
      double client = used.getOrDefault(Figure.CPU + Figure.CLIENT, 0.0);
      double servers = used.getOrDefault(Figure.total(Figure.CPU), 0.0);
      ofClient.put(hosts, client / Math.max(1, client + servers));
      return outcome.lags().getTotalCount() > 0
          && outcome.lags().getValueAtPercentile(99) <= WITHIN_NANOS;
    } catch (IOException failed) {
      return false;
    }
  }
}
