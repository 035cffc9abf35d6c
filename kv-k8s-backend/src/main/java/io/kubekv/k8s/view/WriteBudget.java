package io.kubekv.k8s.view;

import java.util.function.LongSupplier;

/** A token bucket of a second's size: how many requests may still be made now. */
final class WriteBudget {
  private static final double SECOND_NANOS = 1e9;

  private final int perSecond;
  private final LongSupplier ticker;
  private double tokens;
  private long filled;

  WriteBudget(int perSecond, LongSupplier ticker) {
    this.perSecond = perSecond;
    this.ticker = ticker;
    this.tokens = perSecond;
    this.filled = ticker.getAsLong();
  }

  /** How many requests may be made now. */
  int left() {
    long now = ticker.getAsLong();
    tokens = Math.min(perSecond, tokens + (now - filled) / SECOND_NANOS * perSecond);
    filled = now;
    return (int) tokens;
  }

  /** One was made, whether there was room or not. */
  void take() {
    tokens -= 1;
  }
}
