package io.kubekv.engine;

import io.kubekv.contract.ClockDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so; what is due has ended when that returns. */
final class DrivenTime implements ClockDriver {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private final AtomicLong nanos = new AtomicLong();
  private final Runnable passed;

  /**
   * @param passed ends what is due, where that can be
   */
  DrivenTime(Runnable passed) {
    this.passed = passed;
  }

  EngineSettings drives(EngineSettings settings) {
    return settings.withClocks(() -> START.plusNanos(nanos.get()), nanos::get);
  }

  @Override
  public void advance(Duration time) {
    pass(time);
    passed.run();
  }

  /** Nobody looks yet what is due. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public Duration tolerance() {
    return Duration.ZERO;
  }
}
