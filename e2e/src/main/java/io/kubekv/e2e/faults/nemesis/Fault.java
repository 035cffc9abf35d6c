package io.kubekv.e2e.faults.nemesis;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Something that is done to the stores and undone again.
 *
 * @param kind of which there are few
 * @param target to whom
 * @param lasts how long after the beginning it is undone
 * @param struck how many requests of its kind have met it so far
 */
record Fault(String kind, String target, Duration lasts, Step begin, Step end, IntSupplier struck) {
  /** Strikes no requests in particular. */
  Fault(String kind, String target, Duration lasts, Step begin, Step end) {
    this(kind, target, lasts, begin, end, () -> 0);
  }

  /** Does or undoes something. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }
}
