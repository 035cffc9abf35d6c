package io.kubekv.benchmarks.load;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** When requests are to start. Thread-safe: all clients of a run take their starts from one. */
public interface Pace {
  /**
   * The intended start of one more request, by the run's {@link Ticker}: maybe in the future, maybe
   * past already. Empty when the run sends no more.
   */
  OptionalLong next();

  /** How many requests were due and will not be sent, once {@link #next} is empty. */
  long unsent();

  /** A closed loop: each client sends its next request when the last is answered. */
  static Pace closed(Ticker ticker, Duration time) {
    long end = ticker.nanos() + time.toNanos();
    return new Pace() {
      @Override
      public OptionalLong next() {
        long now = ticker.nanos();
        return now < end ? OptionalLong.of(now) : OptionalLong.empty();
      }

      @Override
      public long unsent() {
        return 0;
      }
    };
  }

  /**
   * An open loop: requests are due at a fixed rate, whether or not those before are answered. What
   * a store cannot take in time waits, and the wait counts; what still waits when as much time
   * again has passed is not sent.
   */
  static Pace fixedRate(Ticker ticker, double perSecond, Duration time) {
    return new FixedRate(ticker, perSecond, time);
  }

  /** The open loop. */
  final class FixedRate implements Pace {
    private final Ticker ticker;
    private final long begun;
    private final double interval;
    private final long due;
    private final long abandoned;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();

    private FixedRate(Ticker ticker, double perSecond, Duration time) {
      this.ticker = ticker;
      this.begun = ticker.nanos();
      this.interval = 1e9 / perSecond;
      this.due = Math.round(perSecond * time.toNanos() / 1e9);
      this.abandoned = begun + 2 * time.toNanos();
    }

    @Override
    public OptionalLong next() {
      long number = taken.getAndIncrement();
      if (number >= due || ticker.nanos() > abandoned) {
        return OptionalLong.empty();
      }
      sent.incrementAndGet();
      return OptionalLong.of(begun + Math.round(number * interval));
    }

    @Override
    public long unsent() {
      return due - sent.get();
    }
  }
}
