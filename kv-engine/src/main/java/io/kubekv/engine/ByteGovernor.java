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
  private final LongSupplier written;
  private double stock;
  private long at;
  private long counted;

  /**
   * @param ticker nanoseconds of a clock that never goes back
   * @param written how many bytes were written in all, which never falls
   */
  ByteGovernor(ByteRate rate, LongSupplier ticker, LongSupplier written) {
    this.rate = rate;
    this.ticker = ticker;
    this.written = written;
    this.stock = rate.burst();
    this.at = ticker.getAsLong();
    this.counted = written.getAsLong();
  }

  /**
   * How long nobody may write; empty when one may. Who may write may write as much as he likes: the
   * next one waits longer.
   */
  Optional<Duration> pause() {
    return pause(0);
  }

  /** How long nobody may write once so many bytes more are written; empty when one may then. */
  Optional<Duration> pause(long bytes) {
    long now = ticker.getAsLong();
    stock = Math.min(rate.burst(), stock + (now - at) / NANOS * rate.perSecond());
    at = now;
    long all = written.getAsLong();
    stock -= all - counted;
    counted = all;
    double left = stock - bytes;
    return left > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) ((1 - left) / rate.perSecond() * NANOS)));
  }
}
