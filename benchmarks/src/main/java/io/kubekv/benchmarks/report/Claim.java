package io.kubekv.benchmarks.report;

import java.util.List;
import java.util.Optional;

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
   * What one contestant must show.
   *
   * @param what it says, for people, with the unit
   * @param peer by whose figure of the same round it is divided; absent when the figure itself is
   *     judged
   * @param figure as {@link Results#values} takes it
   */
  public record Bar(
      String what,
      String scenario,
      String contestant,
      Optional<String> peer,
      double x,
      String figure,
      Target target) {

    /** Of the ratio to a peer. */
    public static Bar ratio(
        String what,
        String scenario,
        String contestant,
        String peer,
        double x,
        String figure,
        Target target) {
      return new Bar(what, scenario, contestant, Optional.of(peer), x, figure, target);
    }

    /** Of the figure itself. */
    public static Bar value(
        String what, String scenario, String contestant, double x, String figure, Target target) {
      return new Bar(what, scenario, contestant, Optional.empty(), x, figure, target);
    }

    private Optional<Spread> spread(Results results) {
      return Spread.of(
          peer.map(by -> results.ratios(scenario, contestant, by, x, figure))
              .orElseGet(() -> results.values(scenario, contestant, x, figure)));
    }

    /** How it came out. */
    Judged judge(Results results) {
      Optional<Spread> spread = spread(results);
      Verdict verdict =
          spread
              .map(one -> target.isMetBy(one.median()) ? Verdict.PASS : Verdict.FAIL)
              .orElse(Verdict.NOT_MEASURED);
      return new Judged(
          what, contestant, spread.map(Bar::range).orElse(""), target.text(), verdict, target);
    }

    private static String range(Spread spread) {
      return "%s (%s to %s)"
          .formatted(
              Figure.text(spread.median()),
              Figure.text(spread.least()),
              Figure.text(spread.greatest()));
    }
  }

  /** What became of a bar. */
  public enum Verdict {
    PASS("PASS"),
    FAIL("FAIL"),
    NOT_MEASURED("not measured");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A bar with its figure, as the report shows it. */
  public record Judged(
      String what, String contestant, String figure, String bar, Verdict verdict, Target target) {}

  /** How many of the targets were met, of those that were measured. */
  String verdict(Results results) {
    List<Verdict> verdicts = bars.stream().map(bar -> bar.judge(results).verdict()).toList();
    if (bars.isEmpty()) {
      return "Answered by design, not by figures.";
    }
    long met = verdicts.stream().filter(Verdict.PASS::equals).count();
    long missing = verdicts.stream().filter(Verdict.NOT_MEASURED::equals).count();
    String rest = missing == 0 ? "" : ", " + missing + " not measured";
    long measured = verdicts.size() - missing;
    return measured == 0
        ? "Not measured."
        : "%d of %d targets met%s.".formatted(met, measured, rest);
  }
}
