package io.kubekv.k8s;

import java.time.Duration;

/**
 * Hears what a store does, for metrics. Called by any thread, event loops among them: must be short
 * and never throw.
 */
public interface StoreObserver {
  /** Hears nothing. */
  StoreObserver NONE =
      new StoreObserver() {
        @Override
        public void called(Call call, String code, Duration time) {}

        @Override
        public void expired(Duration late) {}
      };

  /** What the API is asked for. */
  enum Call {
    CREATE_KEY,
    REPLACE_KEY,
    REMOVE_KEY,
    GET_KEY,
    LIST_KEYS,
    WATCH_KEYS,
    GET_LEASE,
    CREATE_LEASE,
    REPLACE_LEASE
  }

  /**
   * A call to the API is over; of a watch, as soon as it has ended. A list of several pages is one.
   *
   * @param code {@code ok}, the HTTP status of a failure, {@code unreachable} when nothing was
   *     sent, {@code no_answer} when something was
   */
  void called(Call call, String code, Duration time);

  /**
   * The end of an entry whose time to live was over is shown.
   *
   * @param late how long after it was due
   */
  void expired(Duration late);
}
