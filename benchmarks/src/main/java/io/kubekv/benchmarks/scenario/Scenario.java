package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Chapter;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** One question that is put to several contestants, at several points. */
interface Scenario {
  /** Names it in results and to the report. */
  Chapter chapter();

  /** Whom it is put to. */
  List<Entrant> entrants();

  /** How many clients, keys, hosts ...; growing. */
  List<Double> points();

  /** How often each contestant is measured at each point. */
  int rounds();

  /** Prepares a contestant for a point, and warms it up; what it shows then does not count. */
  void enter(Contestant contestant, double x, long seed) throws IOException;

  /**
   * Measures once.
   *
   * @param seed of whatever is chosen at random
   * @return the figures by name
   */
  Map<String, Double> measure(Contestant contestant, double x, long seed) throws IOException;
}
