package io.kubekv.transport.requests;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times the requests of one door: {@code kubekv_request_seconds} and {@code
 * kubekv_request_errors_total} by verb. All meters are made at the beginning, so that a request
 * makes no object and no client can make a series. Thread-safe.
 */
public final class RequestMeters {
  /** What stands for a verb that nobody knows. */
  public static final String OTHER = "other";

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2500)
  };

  /** What became of a request. */
  public enum Outcome {
    DONE,
    /** The client may not, or asked for what makes no sense or does not hold. */
    REFUSED,
    /** The server could not, or does not know whether it did. */
    FAILED
  }

  private record Meters(Timer time, Counter refused, Counter failed) {}

  private final Map<String, Meters> byVerb = new HashMap<>();

  /**
   * @param door its name in {@code /metrics}
   * @param verbs what its clients may ask for; anything else is {@link #OTHER}
   */
  public RequestMeters(String door, Set<String> verbs, MeterRegistry registry) {
    verbs.forEach(verb -> byVerb.put(verb, meters(door, verb, registry)));
    byVerb.put(OTHER, meters(door, OTHER, registry));
  }

  private static Meters meters(String door, String verb, MeterRegistry registry) {
    Timer time =
        Timer.builder("kubekv.request")
            .description("From a request's headers to its answer's")
            .tag("door", door)
            .tag("verb", verb)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    return new Meters(
        time, errors(door, verb, "refused", registry), errors(door, verb, "failed", registry));
  }

  private static Counter errors(String door, String verb, String outcome, MeterRegistry registry) {
    return Counter.builder("kubekv.request.errors")
        .description("Requests that were refused, or failed")
        .tag("door", door)
        .tag("verb", verb)
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Counts one request. */
  public void record(String verb, Outcome outcome, long nanos) {
    Meters known = byVerb.get(verb);
    Meters meters = known == null ? byVerb.get(OTHER) : known;
    if (meters == null) {
      return; // never: the constructor made it
    }
    // who sees that it was counted sees how it ended, too
    switch (outcome) {
      case DONE -> {}
      case REFUSED -> meters.refused.increment();
      case FAILED -> meters.failed.increment();
    }
    meters.time.record(nanos, TimeUnit.NANOSECONDS);
  }
}
