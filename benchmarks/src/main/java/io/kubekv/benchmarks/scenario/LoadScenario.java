package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Client;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * A load of requests for a time: what each point is, is the caller's to say. A slice whose writes
 * the store has not done fails.
 *
 * <p>Before it is measured at its first point, a contestant has the load of the middle point for
 * the whole warm-up: one client does not ask often enough for a compiler. Where the points differ
 * in their keys it has the load of the first: those of another must not be there. Then, and at each
 * later point, it has that point's load for a slice, or for the warm-up where that is shorter. One
 * that was started anew begins anew.
 *
 * @param warmUp the whole
 * @param asked by which protocol each is asked
 * @param warm who has had the whole warm-up, by identity; it grows
 */
record LoadScenario(
    Chapter chapter,
    List<Entrant> entrants,
    List<Double> points,
    int rounds,
    Duration slice,
    Duration warmUp,
    Function<Entrant, Protocol> asked,
    DoubleFunction<Load> loads,
    Set<Contestant> warm)
    implements Scenario {
  /** With nobody warm. */
  LoadScenario(
      Chapter chapter,
      List<Entrant> entrants,
      List<Double> points,
      int rounds,
      Duration slice,
      Duration warmUp,
      Function<Entrant, Protocol> asked,
      DoubleFunction<Load> loads) {
    this(
        chapter,
        entrants,
        points,
        rounds,
        slice,
        warmUp,
        asked,
        loads,
        Collections.newSetFromMap(new IdentityHashMap<>()));
  }

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
    Filling.fill(client(contestant), load.keys());
    if (!warm.contains(contestant)) {
      Load middle = loads.apply(points.get(points.size() / 2));
      drive(contestant, middle.keys().equals(load.keys()) ? middle : load, seed, warmUp);
      warm.add(contestant);
    }
    drive(contestant, load, seed, warmUpAgain(warmUp, slice));
  }

  /** How long one that is warm has the load of another point. */
  static Duration warmUpAgain(Duration warmUp, Duration slice) {
    return warmUp.compareTo(slice) < 0 ? warmUp : slice;
  }

  private Client.Connector client(Contestant contestant) {
    return contestant.client(asked.apply(contestant.entrant()));
  }

  @Override
  public Map<String, Double> measure(Contestant contestant, double x, long seed)
      throws IOException {
    List<ServerPart> parts = contestant.parts();
    Usage before;
    LoadDriver.Outcome outcome;
    Usage after;
    try (ReadBack readBack = ReadBack.before(client(contestant))) {
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
    return new LoadDriver(ticker, load.clients(), client(contestant), load.workload(), seed)
        .run(() -> pace(ticker, load, time));
  }

  private static Pace pace(Ticker ticker, Load load, Duration time) {
    return load.rate().isPresent()
        ? Pace.fixedRate(ticker, load.rate().getAsDouble(), time)
        : Pace.closed(ticker, time);
  }
}
