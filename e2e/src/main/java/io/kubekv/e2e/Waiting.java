package io.kubekv.e2e;

import java.time.Duration;

/** Pauses between looks at another process, which offers nothing to wait on. */
public final class Waiting {
  private Waiting() {}

  public static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for another process", e);
    }
  }
}
