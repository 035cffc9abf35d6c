package io.kubekv.benchmarks.report;

import java.util.List;

/**
 * What the report says of a scenario.
 *
 * @param scenario its name in results
 * @param how what is done, and how, in a sentence or two
 * @param x what the points count
 * @param peer the contestant that others are compared with
 */
public record Chapter(
    String scenario, String title, String how, String x, String peer, List<Plot> plots) {
  public Chapter {
    plots = List.copyOf(plots);
  }

  /**
   * One plot.
   *
   * @param figure what is shown; of {@link Kind#PARTS} what the figures' names begin with
   * @param y the axis's title
   */
  public record Plot(String title, String figure, String y, Kind kind) {}

  /** How a plot shows its figure. */
  public enum Kind {
    /** A line for each contestant over the points, both axes logarithmic. */
    LINES,
    /**
     * A line for each contestant through its points, from the throughput (x axis, logarithmic) to
     * the figure (y axis, logarithmic): how the time grows with what is asked.
     */
    CURVE,
    /** A bar for each contestant at each point. */
    BARS,
    /** A bar for each contestant at the last point, stacked of what its parts used. */
    PARTS
  }
}
