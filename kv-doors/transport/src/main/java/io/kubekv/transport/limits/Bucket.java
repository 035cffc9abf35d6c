package io.kubekv.transport.limits;

/**
 * A token bucket that may be in debt: whoever takes more than there is has it taken from what comes
 * later. So what costs an unknown amount can be begun while there is anything, and be charged
 * afterwards. Not thread-safe.
 */
final class Bucket {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double most;
  private double tokens;
  private long since;

  /**
   * A full one.
   *
   * @param perSecond what comes in; 0 for one that is never empty
   * @param now in nanoseconds, as in all methods
   */
  Bucket(double perSecond, double most, long now) {
    this.perSecond = perSecond;
    this.most = most;
    this.tokens = most;
    this.since = now;
  }

  /** Whether there is a whole token. */
  boolean hasToken(long now) {
    if (perSecond == 0) {
      return true;
    }
    tokens = Math.min(most, tokens + (now - since) * perSecond / NANOS);
    since = now;
    return tokens >= 1;
  }

  void take(double amount) {
    if (perSecond > 0) {
      tokens -= amount;
    }
  }
}
