package io.kubekv.benchmarks.scenario;

import io.kubekv.e2e.Check;

/** Says on the terminal how far a run has come. */
final class Progress {
  private final long begun = System.nanoTime();
  private long all;
  private long said;

  Progress(int there) {
    if (there > 0) {
      Check.say("%d samples are there already, and are not measured again", there);
    }
  }

  /**
   * @param samples how many are to come
   */
  void begin(long samples) {
    all = samples;
  }

  void next(Scenario scenario) {
    Check.say("%s %s", position(), scenario.chapter().title());
  }

  /** Of one more sample. */
  void said(String line) {
    said++;
    Check.say("%s %s", position(), line);
  }

  private String position() {
    long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
    return "[%d/%d, %d:%02d]".formatted(said, all, seconds / 60, seconds % 60);
  }
}
