package io.kubekv.k8s.view;

import java.util.function.LongSupplier;

/**
 * A token bucket of a second's size: how many requests may still be made now. The store's own
 * writes come first: while it changes much faster than can be shown, a third is made, as the view
 * is behind then in any case.
 */
final class WriteBudget {
  private static final double SECOND_NANOS = 1e9;

  /** So many changes for each write that may be made are the store's usual business. */
  private static final int USUAL = 2;

  private static final int YIELDING = 3;

  private final int perSecond;
  private final LongSupplier ticker;
  private double tokens;
  private long filled;

  /** Changes of the store beyond what is usual, a second's worth of which are. */
  private double pressure;

  WriteBudget(int perSecond, LongSupplier ticker) {
    this.perSecond = perSecond;
    this.ticker = ticker;
    this.tokens = perSecond;
    this.filled = ticker.getAsLong();
  }

  /** So often the store has changed since this was said last. */
  void changed(int times) {
    fill();
    pressure = Math.min(pressure + times, 2.0 * USUAL * perSecond);
  }

  /** How many requests may be made now. */
  int left() {
    fill();
    return (int) tokens;
  }

  private void fill() {
    long now = ticker.getAsLong();
    double seconds = (now - filled) / SECOND_NANOS;
    filled = now;
    double rate =
        pressure > USUAL * perSecond ? Math.max(1, (double) perSecond / YIELDING) : perSecond;
    tokens = Math.min(Math.max(tokens, rate), tokens + seconds * rate);
    pressure = Math.max(0, pressure - seconds * USUAL * perSecond);
  }

  /** One was made, whether there was room or not. */
  void take() {
    tokens -= 1;
  }
}
