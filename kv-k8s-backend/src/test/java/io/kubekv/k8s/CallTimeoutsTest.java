package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CallTimeoutsTest {
  private final CompletableFuture<String> call = new CompletableFuture<>();

  @Test
  void overdue_isEnded() {
    CallTimeouts timeouts = new CallTimeouts(Duration.ZERO);
    assertThat(timeouts.bound(call)).isSameAs(call).isNotDone();

    timeouts.endOverdue();

    assertThat(call)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void inTime_isLeftAlone() {
    CallTimeouts timeouts = new CallTimeouts(Duration.ofDays(1));
    timeouts.bound(call);

    timeouts.endOverdue();

    assertThat(call).isNotDone();
  }

  @Test
  void answered_staysSo_andHidesNoOther() {
    CallTimeouts timeouts = new CallTimeouts(Duration.ZERO);
    timeouts.bound(CompletableFuture.completedFuture("in time"));
    timeouts.bound(call);

    timeouts.endOverdue();

    assertThat(call).isCompletedExceptionally();
  }
}
