package io.kubekv.benchmarks.scenario;

import java.time.Duration;
import java.util.List;

/** How much is measured. */
enum Size {
  /** Ten minutes at most: what kubekv is compared with, and few points. */
  QUICK(5, Duration.ofMillis(500)),
  /** An hour at most: a fixed matrix of what matters. */
  FULL(5, Duration.ofSeconds(1)),
  /** Every scenario with every contestant at every point. */
  ALL(7, Duration.ofSeconds(5));

  private final int rounds;
  private final Duration slice;

  Size(int rounds, Duration slice) {
    this.rounds = rounds;
    this.slice = slice;
  }

  int rounds() {
    return rounds;
  }

  /** How long a load lasts. */
  Duration slice() {
    return slice;
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
