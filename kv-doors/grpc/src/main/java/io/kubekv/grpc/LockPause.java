package io.kubekv.grpc;

import java.time.Duration;

/**
 * A time in which a lock tries nothing: after a failure that may pass, or for as long as a lock
 * delay lasts. Not thread-safe.
 */
final class LockPause {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

  private boolean on;
  private boolean delays;
  private long endNanos;

  void afterFailure() {
    begin(AFTER_FAILURE, false);
  }

  /** The key cannot be acquired for this long, or until it changes. */
  void duringDelay(Duration left) {
    begin(left, true);
  }

  private void begin(Duration length, boolean delay) {
    on = true;
    delays = delay;
    endNanos = System.nanoTime() + length.toNanos();
  }

  /** The key has changed: what is said of a lock delay may hold no more. */
  void keyChanged() {
    on &= !delays;
  }

  boolean isOn() {
    return on;
  }

  /** The nanoseconds until {@link #endIfDue} ends it; very many when it is not on. */
  long nanosLeft() {
    return on ? endNanos - System.nanoTime() : Long.MAX_VALUE;
  }

  /** Ends it when its time is over; whether it did. */
  boolean endIfDue() {
    boolean due = nanosLeft() <= 0;
    on &= !due;
    return due;
  }
}
