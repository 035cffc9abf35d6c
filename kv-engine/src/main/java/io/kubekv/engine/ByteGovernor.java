package io.kubekv.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps what is written to the log within what whoever keeps it can bear for long: so many bytes a
 * second, and a stock for those who need more for a while. For one thread at a time.
 */
final class ByteGovernor {
  private static final double NANOS = 1e9;

  private final ByteRate rate;
  private final LongSupplier ticker;
  private double stock;
  private long at;

  /**
   * @param ticker nanoseconds of a clock that never goes back
   */
  ByteGovernor(ByteRate rate, LongSupplier ticker) {
    this.rate = rate;
    this.ticker = ticker;
    this.stock = rate.burst();
    this.at = ticker.getAsLong();
  }

  /** How long nobody may write; empty when one may. */
  Optional<Duration> pause() {
    long now = ticker.getAsLong();
    stock = Math.min(rate.burst(), stock + (now - at) / NANOS * rate.perSecond());
    at = now;
    return stock > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) ((1 - stock) / rate.perSecond() * NANOS)));
  }

  /** So much is written. Who may write may write as much as he likes: the next one waits longer. */
  void spend(long bytes) {
    stock -= bytes;
  }
}
