package io.kubekv.k8s.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * The three clocks of this machine. A lease and a time to live are counted on the first; the other
 * two only tell that the first stood still, because the machine was suspended. Thread-safe; none of
 * them blocks.
 */
interface Clocks {
  /** Nanoseconds from an arbitrary origin, as {@link System#nanoTime()}; only differences count. */
  long nanoTime();

  /** The wall clock, which others may set. */
  Instant wall();

  /** Time since the machine started, counting time spent suspended. */
  Duration sinceBoot();

  /** The machine's own. Where there is no {@code /proc/uptime}, the wall clock stands in for it. */
  static Clocks system() {
    return SystemClocks.INSTANCE;
  }
}
