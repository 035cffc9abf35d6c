package io.kubekv.k8s;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clocks, which a test can move on. */
final class DrivenClocks implements Clocks {
  private final AtomicLong ahead = new AtomicLong();

  void advance(Duration by) {
    ahead.addAndGet(by.toNanos());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() + ahead.get();
  }

  @Override
  public Instant wall() {
    return Instant.now().plusNanos(ahead.get());
  }

  @Override
  public Duration sinceBoot() {
    return Clocks.system().sinceBoot().plusNanos(ahead.get());
  }
}
