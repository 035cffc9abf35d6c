package io.kubekv.e2e.faults.load;

import java.util.concurrent.atomic.AtomicBoolean;

/** When clients stop. Thread-safe. */
public final class Pace {
  private final AtomicBoolean over = new AtomicBoolean();

  public Pace() {}

  /** Whether to begin no more calls. */
  public boolean isOver() {
    return over.get();
  }

  /** No more calls begin. */
  public void end() {
    over.set(true);
  }

  /** Pauses, not past the end by more than the pause. */
  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a client was interrupted", e);
    }
  }
}
