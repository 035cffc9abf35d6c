package io.kubekv.grpc;

import java.time.Duration;

/** Times as nanoseconds. */
final class Durations {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private Durations() {}

  /** The nanoseconds of a time, 292 years for all longer ones. */
  static long nanos(Duration time) {
    return time.compareTo(LONGEST) < 0 ? time.toNanos() : Long.MAX_VALUE;
  }
}
