package io.kubekv.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CallTimeoutsTest {
  private record Alarm(long at, Runnable task) {}

  private final Queue<Alarm> alarms = new ArrayDeque<>();
  private long now;
  private final CallTimeouts timeouts =
      new CallTimeouts(
          Duration.ofNanos(100),
          () -> now,
          (nanos, task) -> alarms.add(new Alarm(now + nanos, task)));

  private CompletableFuture<String> call() {
    return timeouts.bound(new CompletableFuture<>());
  }

  private void pass(long nanos) {
    now += nanos;
    while (!alarms.isEmpty() && alarms.peek().at() <= now) {
      alarms.remove().task().run();
    }
  }

  @Test
  void call_withoutAnAnswer_endsAtItsTimeAndNotBefore() {
    CompletableFuture<String> first = call();
    pass(60);
    CompletableFuture<String> second = call();

    pass(39);
    assertThat(first).isNotDone();
    pass(1);
    assertThatThrownBy(first::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(second).isNotDone();
    pass(60);
    assertThat(second).isCompletedExceptionally();
  }

  @Test
  void calls_oneAfterTheOther_haveOneTimerTogether() {
    for (int i = 0; i < 1_000; i++) {
      call().complete("an answer");
      pass(1);
      assertThat(alarms).hasSizeLessThan(2);
    }
  }

  @Test
  void call_afterAllWereAnswered_endsAtItsTime() {
    call().complete("an answer");
    pass(1_000);
    assertThat(alarms).isEmpty();

    CompletableFuture<String> late = call();
    pass(100);

    assertThat(late).isCompletedExceptionally();
  }

  @Test
  void call_behindOneThatWasAnsweredAndOneThatWasNot_endsAtItsTime() {
    CompletableFuture<String> answered = call();
    CompletableFuture<String> never = call();
    pass(10);
    CompletableFuture<String> late = call();
    answered.complete("an answer");

    pass(90);
    assertThat(never).isCompletedExceptionally();
    assertThat(late).isNotDone();
    pass(10);
    assertThat(late).isCompletedExceptionally();
    assertThat(answered).isCompletedWithValue("an answer");
  }

  @Test
  void call_thatIsAnsweredAtOnce_needsNoTimer() {
    var unused = timeouts.bound(CompletableFuture.completedFuture("an answer"));

    assertThat(alarms).isEmpty();
  }
}
