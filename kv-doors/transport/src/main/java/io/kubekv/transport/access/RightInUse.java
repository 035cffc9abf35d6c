package io.kubekv.transport.access;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The right of something that is open for long, given up when that ends: once, also when it has
 * ended before the right was taken. Thread-safe.
 */
public final class RightInUse {
  private static final Access.Hold OVER = () -> {};

  private final AtomicReference<Access.@Nullable Hold> held = new AtomicReference<>();

  /** Takes over a right. */
  public void take(Access.Hold hold) {
    if (!held.compareAndSet(null, hold)) {
      hold.close();
    }
  }

  /** What it was for is over. May be repeated. */
  public void end() {
    Access.Hold hold = held.getAndSet(OVER);
    if (hold != null) {
      hold.close();
    }
  }
}
