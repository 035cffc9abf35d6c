package io.kubekv.benchmarks.scenario;

import java.time.Duration;
import java.util.List;

/** How much is measured. */
enum Size {
  /** Minutes: what kubekv is compared with, and few points. Its figures are no statement. */
  QUICK(5, Duration.ofMillis(500), Duration.ofMillis(1500)),
  /** A night: a fixed matrix of what matters. */
  FULL(5, Duration.ofSeconds(10), Duration.ofSeconds(40)),
  /** Every scenario with every contestant at every point. */
  ALL(7, Duration.ofSeconds(10), Duration.ofSeconds(40));

  private final int rounds;
  private final Duration slice;
  private final Duration warmUp;

  Size(int rounds, Duration slice, Duration warmUp) {
    this.rounds = rounds;
    this.slice = slice;
    this.warmUp = warmUp;
  }

  int rounds() {
    return rounds;
  }

  /** How long a load lasts. */
  Duration slice() {
    return slice;
  }

  /**
   * How long a contestant has a load before it is measured at its first point. The compiler of a
   * Java program takes a quarter of the processor time for forty seconds.
   */
  Duration warmUp() {
    return warmUp;
  }

  /** How long Docker's engines run: a whole heartbeat of each, where figures are to be stated. */
  Duration docker() {
    return this == QUICK ? Duration.ofSeconds(3) : Duration.ofSeconds(30);
  }

  /** What each size has, from the smallest to the largest. */
  <T> List<T> of(List<T> quick, List<T> full, List<T> all) {
    return switch (this) {
      case QUICK -> quick;
      case FULL -> full;
      case ALL -> all;
    };
  }
}
