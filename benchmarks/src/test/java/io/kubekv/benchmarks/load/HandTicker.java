package io.kubekv.benchmarks.load;

/** A clock that goes on only when it is waited on, or told to. */
final class HandTicker implements Ticker {
  private long now = 1_000_000;

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized void await(long nanos) {
    now = Math.max(now, nanos);
  }

  synchronized void pass(long nanos) {
    now += nanos;
  }
}
