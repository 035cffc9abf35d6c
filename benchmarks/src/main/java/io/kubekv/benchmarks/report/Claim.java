package io.kubekv.benchmarks.report;

import java.util.List;

/**
 * One of the article's reasons, and how it fares.
 *
 * @param topic performance, scalability or security
 * @param said what the article holds, in our words
 * @param bars what would have to be shown against it, each judged by figures of this run
 * @param answer what kubekv does about it
 */
public record Claim(String topic, String said, List<Bar> bars, String answer) {
  public Claim {
    bars = List.copyOf(bars);
  }

  /**
   * A ratio that a contestant must keep beside its peer.
   *
   * @param what it says, for people
   * @param most whether the limit is the most that the ratio may be, or the least
   * @param peer absent (empty) when the figure itself is judged, not a ratio
   */
  public record Bar(
      String what,
      String scenario,
      String contestant,
      String peer,
      double x,
      String figure,
      boolean most,
      double limit) {

    public static Bar atMost(
        String what,
        String scenario,
        String contestant,
        String peer,
        double x,
        String figure,
        double limit) {
      return new Bar(what, scenario, contestant, peer, x, figure, true, limit);
    }

    public static Bar atLeast(
        String what,
        String scenario,
        String contestant,
        String peer,
        double x,
        String figure,
        double limit) {
      return new Bar(what, scenario, contestant, peer, x, figure, false, limit);
    }

    /** How it came out. */
    Judged judge(Results results) {
      double[] values =
          peer.isEmpty()
              ? results.values(scenario, contestant, x, figure)
              : results.ratios(scenario, contestant, peer, x, figure);
      return Spread.of(values)
          .map(
              spread ->
                  new Judged(
                      what,
                      Figure.text(spread.median())
                          + " ("
                          + Figure.text(spread.least())
                          + " to "
                          + Figure.text(spread.greatest())
                          + ")",
                      (most ? "≤ " : "≥ ") + Figure.text(limit),
                      (most ? spread.median() <= limit : spread.median() >= limit)
                          ? "holds"
                          : "falls short"))
          .orElseGet(
              () ->
                  new Judged(
                      what, "", (most ? "≤ " : "≥ ") + Figure.text(limit), "not measured here"));
    }
  }

  /** A bar with its figure, as the report shows it. */
  public record Judged(String what, String figure, String bar, String verdict) {}

  /** The verdict over the bars that were measured. */
  String verdict(Results results) {
    List<String> verdicts =
        bars.stream()
            .map(bar -> bar.judge(results).verdict())
            .filter(verdict -> !verdict.equals("not measured here"))
            .toList();
    if (bars.isEmpty()) {
      return "answered by design, not by figures";
    }
    if (verdicts.isEmpty()) {
      return "not judged by this run";
    }
    long held = verdicts.stream().filter("holds"::equals).count();
    return held == verdicts.size()
        ? "does not hold: all " + held + " bars are kept"
        : held == 0
            ? "holds: none of " + verdicts.size() + " bars is kept"
            : "holds in part: " + held + " of " + verdicts.size() + " bars are kept";
  }
}
