package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Results;
import io.kubekv.benchmarks.report.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts each scenario to its contestants, in turn and in another order each round, and keeps what
 * they show. What the results have already is not measured again.
 */
final class Run {
  private final Results results;
  private final long seed;
  private final int rounds;
  private final Consumer<String> progress;
  private volatile boolean stopping;

  /**
   * @param rounds no more than so many, even where a scenario has more
   */
  Run(Results results, long seed, int rounds, Consumer<String> progress) {
    this.results = results;
    this.seed = seed;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Lets {@link #put} end after the sample that is being measured. Any thread. */
  void stop() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Blocks until the scenario is measured, or the run is stopped. */
  void put(Scenario scenario) throws IOException {
    List<Entrant> entrants = present(scenario);
    if (todo(scenario, entrants).isEmpty() || stopping) {
      return;
    }
    Map<Entrant, Contestant> running = new LinkedHashMap<>();
    try {
      for (Entrant entrant : entrants) {
        running.put(entrant, Servers.start(entrant));
      }
      for (double x : scenario.points()) {
        put(scenario, x, running);
      }
    } finally {
      for (Contestant contestant : running.values()) {
        contestant.close();
      }
    }
  }

  /** How many samples are still to be taken. */
  long left(List<Scenario> scenarios) {
    return scenarios.stream().mapToLong(one -> todo(one, present(one)).size()).sum();
  }

  private static List<Entrant> present(Scenario scenario) {
    return scenario.entrants().stream().filter(one -> Servers.missing(one).isEmpty()).toList();
  }

  private int rounds(Scenario scenario) {
    return Math.min(rounds, scenario.rounds());
  }

  private List<Sample.Cell> todo(Scenario scenario, List<Entrant> entrants) {
    List<Sample.Cell> cells = new ArrayList<>();
    for (double x : scenario.points()) {
      for (int round = 0; round < rounds(scenario); round++) {
        for (Entrant entrant : entrants) {
          cells.add(cell(scenario, entrant, x, round));
        }
      }
    }
    cells.removeIf(results::has);
    return cells;
  }

  private static Sample.Cell cell(Scenario scenario, Entrant entrant, double x, int round) {
    return new Sample.Cell(scenario.chapter().scenario(), entrant.label(), x, round);
  }

  private void put(Scenario scenario, double x, Map<Entrant, Contestant> running)
      throws IOException {
    List<Entrant> all = List.copyOf(running.keySet());
    Set<Entrant> ready = EnumSet.noneOf(Entrant.class);
    for (Entrant entrant : all) {
      if (!todoAt(scenario, entrant, x).isEmpty() && enter(scenario, x, entrant, running)) {
        ready.add(entrant);
      }
    }
    for (int round = 0; round < rounds(scenario); round++) {
      for (int turn = 0; turn < all.size(); turn++) {
        Entrant entrant = all.get((turn + round) % all.size());
        Sample.Cell cell = cell(scenario, entrant, x, round);
        boolean wanted = ready.contains(entrant) && !results.has(cell) && !stopping;
        if (wanted && !measure(scenario, cell, running)) {
          ready.remove(entrant);
        }
      }
    }
  }

  private List<Sample.Cell> todoAt(Scenario scenario, Entrant entrant, double x) {
    return todo(scenario, List.of(entrant)).stream().filter(cell -> cell.x() == x).toList();
  }

  /**
   * Whether the contestant is ready to be measured at a point. One that cannot bear it shows that,
   * and is started anew for the next.
   */
  private boolean enter(
      Scenario scenario, double x, Entrant entrant, Map<Entrant, Contestant> running)
      throws IOException {
    if (stopping) {
      return false;
    }
    try {
      scenario.enter(contestant(entrant, running), x, seed);
      return true;
    } catch (IOException e) {
      fail(todoAt(scenario, entrant, x), e);
      restart(entrant, running);
      return false;
    }
  }

  /** Whether the contestant can be measured at this point again. */
  private boolean measure(Scenario scenario, Sample.Cell cell, Map<Entrant, Contestant> running)
      throws IOException {
    Entrant entrant = Entrant.of(cell.contestant());
    try {
      Sample sample =
          Sample.of(
              cell, scenario.measure(contestant(entrant, running), cell.x(), seed + cell.round()));
      results.add(sample);
      progress.accept(line(sample));
      return true;
    } catch (IOException e) {
      fail(List.of(cell), e);
      boolean again = !hasFailedTwice(cell);
      if (!again) {
        fail(todoAt(scenario, entrant, cell.x()), e);
      }
      restart(entrant, running);
      return again && enter(scenario, cell.x(), entrant, running);
    }
  }

  /** Which is no accident: the rounds that are left are not waited for. */
  private boolean hasFailedTwice(Sample.Cell cell) {
    return results.of(cell.scenario()).stream()
            .filter(sample -> sample.contestant().equals(cell.contestant()))
            .filter(sample -> sample.x() == cell.x() && sample.failure().isPresent())
            .count()
        >= 2;
  }

  private void fail(List<Sample.Cell> cells, IOException why) throws IOException {
    if (stopping || cells.isEmpty()) {
      return;
    }
    for (Sample.Cell cell : cells) {
      results.add(Sample.failed(cell, String.valueOf(why.getMessage())));
    }
    progress.accept(
        cells.getFirst().scenario() + ", " + cells.getFirst().contestant() + " failed: " + why);
  }

  private void restart(Entrant entrant, Map<Entrant, Contestant> running) throws IOException {
    if (stopping) {
      return;
    }
    contestant(entrant, running).close();
    running.put(entrant, Servers.start(entrant));
  }

  private static Contestant contestant(Entrant entrant, Map<Entrant, Contestant> running) {
    return Objects.requireNonNull(running.get(entrant), entrant.label());
  }

  private static String line(Sample sample) {
    return String.format(
        Locale.ROOT,
        "%s, %s at %.0f, round %d: %s",
        sample.scenario(),
        sample.contestant(),
        sample.x(),
        sample.round() + 1,
        sample.figures().entrySet().stream()
            .filter(figure -> Run.isHeadline(figure.getKey()))
            .sorted(Map.Entry.comparingByKey())
            .map(
                figure ->
                    figure.getKey() + " " + String.format(Locale.ROOT, "%.3f", figure.getValue()))
            .reduce((first, next) -> first + "  " + next)
            .orElse(""));
  }

  private static boolean isHeadline(String figure) {
    return figure.endsWith("_ms") || figure.equals("per_second");
  }
}
