package io.kubekv.contract;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time pass for a store: at once where its timers are ours, really where they are not. */
public interface ClockDriver {
  /** Returns when at least this much time has passed for the store. */
  void advance(Duration time);

  /** Nanoseconds of the time that the store counts; only differences mean something. */
  long nanos();

  /** How late the store may be in ending an entry, by its own word. */
  Duration tolerance();

  /** The time of this machine, for stores whose timers cannot be driven. */
  static ClockDriver realTime(Duration tolerance) {
    return new ClockDriver() {
      @Override
      public void advance(Duration time) {
        long start = System.nanoTime();
        for (long left = time.toNanos(); left > 0; left = time.toNanos() - nanos() + start) {
          LockSupport.parkNanos(left);
        }
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Duration tolerance() {
        return tolerance;
      }
    };
  }
}
