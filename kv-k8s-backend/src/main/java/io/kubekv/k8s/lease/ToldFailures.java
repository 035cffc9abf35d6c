package io.kubekv.k8s.lease;

import java.time.Duration;

/**
 * Which failures are worth a line of the log: another one than before is, and the same once a
 * minute. What fails twice a second for a night must not fill a disk. Not thread-safe.
 */
final class ToldFailures {
  static final Duration AGAIN_AFTER = Duration.ofMinutes(1);

  private final Clocks clocks;
  private String told = "";
  private long toldAt;

  ToldFailures(Clocks clocks) {
    this.clocks = clocks;
  }

  /** Whether to tell this one now; it counts as told then. */
  boolean isWorthTelling(String failure) {
    long now = clocks.nanoTime();
    if (failure.equals(told) && now - toldAt < AGAIN_AFTER.toNanos()) {
      return false;
    }
    told = failure;
    toldAt = now;
    return true;
  }

  /** It works again: the next failure is another one. */
  void over() {
    told = "";
  }
}
