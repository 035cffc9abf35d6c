package io.kubekv.k8s.view;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long something is left alone that has failed: twice as long each time, until it succeeds.
 * Belongs to the view's thread.
 */
final class Pause {
  /** The longest that somebody else may ask for. */
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(1);

  private final Duration first;
  private final Duration longest;
  private final LongSupplier ticker;
  private Duration next;
  private long until;

  Pause(Duration first, Duration longest, LongSupplier ticker) {
    this.first = first;
    this.longest = longest;
    this.ticker = ticker;
    this.next = first;
    this.until = ticker.getAsLong();
  }

  boolean isOver() {
    return ticker.getAsLong() - until >= 0;
  }

  /**
   * Begins after a failure.
   *
   * @param asked what the API asks for
   */
  void begin(Optional<Duration> asked) {
    Duration length = shorter(asked.orElse(next), LONGEST_ASKED);
    until = ticker.getAsLong() + length.toNanos();
    next = shorter(next.multipliedBy(2), longest);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** It succeeds again. */
  void end() {
    next = first;
    until = ticker.getAsLong();
  }
}
