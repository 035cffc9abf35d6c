package io.kubekv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a call is sent again, and after how long. */
class RetriesTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final StoreException NOT_READY = new UnavailableException("not ready");

  private final List<Duration> pauses = new ArrayList<>();
  private final Deque<StoreException> failures = new ArrayDeque<>();
  private int calls;
  private double chance;
  private boolean closed;
  private final Retries retries = new Retries(pauses::add, () -> chance, () -> closed);

  private String answer() {
    calls++;
    if (!failures.isEmpty()) {
      throw failures.removeFirst();
    }
    return "answer";
  }

  private void fail(int times, StoreException failure) {
    for (int i = 0; i < times; i++) {
      failures.add(failure);
    }
  }

  @Test
  void within_nothingApplied_sendsAgain() {
    fail(2, NOT_READY);
    assertThat(retries.within(LONG, this::answer)).isEqualTo("answer");
    assertThat(calls).isEqualTo(3);
  }

  @Test
  void within_nothingApplied_pausesTwiceAsLongEachTimeUpToABound() {
    fail(8, NOT_READY);
    retries.within(LONG, this::answer);
    assertThat(pauses)
        .extracting(Duration::toMillis)
        .containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 2000L, 2000L);
  }

  @Test
  void within_nothingApplied_shortensPausesByChance() {
    fail(2, NOT_READY);
    chance = 1;
    retries.within(LONG, this::answer);
    assertThat(pauses).containsExactly(Duration.ofMillis(25), Duration.ofMillis(50));
  }

  @Test
  void within_overloaded_pausesAsLongAsTheServerAsks() {
    fail(1, new OverloadedException("busy", Duration.ofSeconds(3)));
    retries.within(LONG, this::answer);
    assertThat(pauses).containsExactly(Duration.ofSeconds(3));
  }

  @Test
  void within_overloadedForLongerThanIsLeft_failsAtOnce() {
    fail(1, new OverloadedException("busy", LONG.plusSeconds(1)));
    assertThatThrownBy(() -> retries.within(LONG, this::answer))
        .isInstanceOf(OverloadedException.class);
    assertThat(pauses).isEmpty();
  }

  @Test
  void within_outcomeUnknown_isNeverSentAgain() {
    fail(1, new OutcomeUnknownException("lost"));
    assertThatThrownBy(() -> retries.within(LONG, this::answer))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void within_limitExceeded_isNotSentAgain() {
    fail(1, new LimitExceededException("value", "bytes", 2, 1));
    assertThatThrownBy(() -> retries.within(LONG, this::answer))
        .isInstanceOf(LimitExceededException.class);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void within_statusThatDoesNotPass_isNotSentAgain() {
    fail(1, new UnavailableException("?", Status.UNIMPLEMENTED.asRuntimeException()));
    assertThatThrownBy(() -> retries.within(LONG, this::answer))
        .isInstanceOf(UnavailableException.class);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void within_serverUnreachable_sendsAgain() {
    fail(1, new UnavailableException("?", Status.UNAVAILABLE.asRuntimeException()));
    assertThat(retries.within(LONG, this::answer)).isEqualTo("answer");
  }

  @Test
  void within_clientClosed_isNotSentAgain() {
    fail(1, NOT_READY);
    closed = true;
    assertThatThrownBy(() -> retries.within(LONG, this::answer)).isSameAs(NOT_READY);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void within_interruptedWhilePausing_failsAndStaysInterrupted() {
    fail(1, NOT_READY);
    Retries interrupted =
        new Retries(
            time -> {
              throw new InterruptedException();
            },
            () -> 0,
            () -> false);
    assertThatThrownBy(() -> interrupted.within(LONG, this::answer)).isSameAs(NOT_READY);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void within_call_seesWhatIsLeftOfItsTime() {
    long left =
        retries.within(
            LONG,
            () ->
                Objects.requireNonNull(Calls.DEADLINE.get()).timeRemaining(TimeUnit.MILLISECONDS));
    assertThat(left).isBetween(1L, LONG.toMillis());
    assertThat(Calls.DEADLINE.get()).isNull();
  }
}
