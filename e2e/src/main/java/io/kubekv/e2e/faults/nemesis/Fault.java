package io.kubekv.e2e.faults.nemesis;

import java.io.IOException;
import java.time.Duration;

/**
 * Something that is done to the stores and undone again.
 *
 * @param kind of which there are few
 * @param target to whom
 * @param lasts how long after the beginning it is undone
 */
record Fault(String kind, String target, Duration lasts, Step begin, Step end) {
  /** Does or undoes something. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }
}
