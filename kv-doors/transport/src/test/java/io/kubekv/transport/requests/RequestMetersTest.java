package io.kubekv.transport.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is counted of a request. */
class RequestMetersTest {
  /** How many errors there were whenever a request was counted. */
  private final List<Double> errors = new ArrayList<>();

  private final SimpleMeterRegistry registry = new Looking();

  /** Looks at the errors whenever a request is counted, as one may who asks for the figures. */
  private final class Looking extends SimpleMeterRegistry {
    @Override
    protected Timer newTimer(
        Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
      return new CumulativeTimer(id, clock, statistics, pauses, getBaseTimeUnit(), false) {
        @Override
        protected void recordNonNegative(long amount, TimeUnit unit) {
          super.recordNonNegative(amount, unit);
          errors.add(errors("refused") + errors("failed"));
        }
      };
    }
  }

  private double errors(String outcome) {
    return registry
        .get("kubekv.request.errors")
        .tags("verb", "get", "outcome", outcome)
        .counter()
        .count();
  }

  @Test
  void whoSeesThatARequestWasCounted_seesThatItFailed() {
    RequestMeters meters = new RequestMeters("a", Set.of("get"), registry);

    meters.record("get", RequestMeters.Outcome.REFUSED, 1);
    meters.record("get", RequestMeters.Outcome.DONE, 1);
    meters.record("get", RequestMeters.Outcome.FAILED, 1);

    assertThat(errors).containsExactly(1.0, 1.0, 2.0);
    assertThat(errors("refused")).isEqualTo(1);
  }
}
