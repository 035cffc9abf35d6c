package io.kubekv.benchmarks.report;

import io.kubekv.e2e.Check;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * Two runs side by side, figure by figure. A figure has changed when the values of the two runs
 * hardly come from the same machine and program (two-sided Mann-Whitney test) and their medians are
 * apart by more than a share that matters. Where the scenario has a peer that no change of ours
 * touches, what is compared is the ratio to it within a round: it cancels a faster or slower
 * machine.
 */
public final class Comparison {
  /** How improbable a difference must be by chance alone; five rounds in each run can show it. */
  private static final double SIGNIFICANT = 0.01;

  private static final double MATTERS = 0.10;

  /** The fewest rounds of each run by which anything can be told. */
  private static final int LEAST_ROUNDS = 5;

  private final Results before;
  private final Results after;
  private final Map<String, String> peers;

  /**
   * @param peers the contestant of each scenario that others are compared with
   */
  public Comparison(Results before, Results after, Map<String, String> peers) {
    this.before = before;
    this.after = after;
    this.peers = Map.copyOf(peers);
  }

  /** What became of a figure. */
  public enum Verdict {
    BETTER,
    WORSE,
    /** Not apart, or not by more than chance brings about. */
    SAME,
    /** Too few rounds to say. */
    UNKNOWN
  }

  /**
   * One figure of both runs.
   *
   * @param change the second run's median by the first's
   * @param probability of a difference as great when nothing has changed
   */
  public record Line(
      String scenario,
      String contestant,
      double x,
      String figure,
      double change,
      double probability,
      Verdict verdict) {}

  /** A line for each figure that both runs have. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (Point point : points()) {
      double[] first = values(before, point);
      double[] second = values(after, point);
      if (first.length > 0 && second.length > 0) {
        lines.add(line(point, first, second));
      }
    }
    return lines;
  }

  private record Point(String scenario, String contestant, double x, String figure) {}

  private Set<Point> points() {
    Set<Point> points = new LinkedHashSet<>();
    for (Sample sample : before.samples()) {
      for (String figure : sample.figures().keySet().stream().sorted().toList()) {
        points.add(new Point(sample.scenario(), sample.contestant(), sample.x(), figure));
      }
    }
    return points;
  }

  private double[] values(Results results, Point at) {
    Optional<String> peer =
        Optional.ofNullable(peers.get(at.scenario())).filter(name -> !name.equals(at.contestant()));
    double[] ratios =
        peer.map(name -> results.ratios(at.scenario(), at.contestant(), name, at.x(), at.figure()))
            .orElse(new double[0]);
    return ratios.length > 0
        ? ratios
        : results.values(at.scenario(), at.contestant(), at.x(), at.figure());
  }

  private static Line line(Point at, double[] first, double[] second) {
    double change = Check.median(second) / Check.median(first);
    boolean enough = first.length >= LEAST_ROUNDS && second.length >= LEAST_ROUNDS;
    double probability = enough ? probability(first, second) : 1;
    return new Line(
        at.scenario(),
        at.contestant(),
        at.x(),
        at.figure(),
        change,
        probability,
        enough ? verdict(at.figure(), change, probability) : Verdict.UNKNOWN);
  }

  static double probability(double[] first, double[] second) {
    return MannWhitneyUTest.withDefaults().test(first, second).getPValue();
  }

  private static Verdict verdict(String figure, double change, double probability) {
    boolean apart =
        probability < SIGNIFICANT && (change > 1 + MATTERS || change < 1 / (1 + MATTERS));
    if (!apart) {
      return Verdict.SAME;
    }
    return change > 1 == Figure.isBetterWhenHigher(figure) ? Verdict.BETTER : Verdict.WORSE;
  }
}
