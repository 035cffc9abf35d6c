package io.kubekv.k8s.api;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Hears what the API is asked for, for metrics. Called by any thread, event loops among them: must
 * be short and never throw.
 */
@FunctionalInterface
public interface ApiObserver {
  /** Hears nothing. */
  ApiObserver NONE = (verb, resource, code, time) -> {};

  /** What is asked. */
  enum Verb {
    CREATE,
    REPLACE,
    REMOVE,
    GET,
    LIST,
    WATCH;

    /** As a metric's label has it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A call to the API is over; of a watch, as soon as it has ended. A list of several pages is one.
   *
   * @param resource the plural, such as {@code leases}
   * @param code {@code ok}, or {@link ApiFailure#label}
   */
  void called(Verb verb, String resource, String code, Duration time);

  /**
   * The same, by what came of it.
   *
   * @param begun by {@link System#nanoTime}
   * @param failure empty when it did what was asked
   */
  default void called(Verb verb, String resource, long begun, Optional<ApiFailure> failure) {
    Duration time = Duration.ofNanos(System.nanoTime() - begun);
    called(verb, resource, failure.map(ApiFailure::label).orElse("ok"), time);
  }
}
