package io.kubekv.k8s.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand until a test moves them. */
final class FakeClocks implements Clocks {
  /** Wraps round five seconds into every test. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);

  private volatile Instant wall = Instant.parse("2026-11-24T00:00:00Z");
  private volatile Duration boot = Duration.ofHours(1);

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Instant wall() {
    return wall;
  }

  @Override
  public Duration sinceBoot() {
    return boot;
  }

  /** Time passes. */
  void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
    wall = wall.plus(by);
    boot = boot.plus(by);
  }

  /** Time passes for the others, but not for this machine's programs. */
  void suspend(Duration by) {
    wall = wall.plus(by);
    boot = boot.plus(by);
  }

  /** Somebody sets the wall clock. */
  void setWall(Instant now) {
    wall = now;
  }
}
