package io.kubekv.k8s.api;

import java.time.Duration;

/**
 * A point on the monotonic clock until which a call may take.
 *
 * @param nanos by {@link System#nanoTime}
 */
record Deadline(long nanos) {
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** What is left, in nanoseconds; 0 or less when it has passed. */
  long left() {
    return nanos - System.nanoTime();
  }

  boolean passed() {
    return left() <= 0;
  }
}
