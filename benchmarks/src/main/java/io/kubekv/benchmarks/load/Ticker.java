package io.kubekv.benchmarks.load;

import java.util.concurrent.locks.LockSupport;

/** A monotonic clock that can be waited on. */
public interface Ticker {
  /** Nanoseconds since some moment that stays the same. */
  long nanos();

  /** Blocks until {@link #nanos} is at least this; at once when it is already. */
  void await(long nanos);

  /** The machine's. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void await(long nanos) {
          for (long left = nanos - nanos(); left > 0; left = nanos - nanos()) {
            LockSupport.parkNanos(left);
          }
        }
      };
}
