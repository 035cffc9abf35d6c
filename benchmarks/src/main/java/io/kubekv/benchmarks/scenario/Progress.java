package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Results;
import io.kubekv.e2e.Check;
import java.util.List;

/** Says on the terminal how far a run has come. */
final class Progress {
  private final int all;
  private final long begun = System.nanoTime();
  private int scenario;

  Progress(Results results, List<Scenario> scenarios) {
    this.all = scenarios.size();
    if (!results.samples().isEmpty()) {
      Check.say(
          "%d samples are there already, and are not measured again", results.samples().size());
    }
  }

  void begin(Scenario next) {
    scenario++;
    Check.say("[%d/%d, %d:%02d] %s", scenario, all, minutes(), seconds(), next.chapter().title());
  }

  void said(String line) {
    Check.say("[%d/%d, %d:%02d] %s", scenario, all, minutes(), seconds(), line);
  }

  private long minutes() {
    return (System.nanoTime() - begun) / 60_000_000_000L;
  }

  private long seconds() {
    return (System.nanoTime() - begun) / 1_000_000_000L % 60;
  }
}
