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
   */
  public record Bar(String what, Measure measure, Target target) {
    /** How it came out. */
    Judged judge(Results results) {
      Optional<Spread> spread = measure.spread(results);
      Verdict verdict =
          spread
              .map(one -> target.isMetBy(one.median()) ? Verdict.PASS : Verdict.FAIL)
              .orElse(measure.hasFailed(results) ? Verdict.FAIL : Verdict.NOT_MEASURED);
      return new Judged(
          what, measure.contestant(), measure.text(results), target.text(), verdict, target);
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
