package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.OverloadedException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.engine.state.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallsTest {
  private final Calls calls =
      new Calls(Duration.ofHours(1), 100, Duration.ofMillis(10), () -> "the lease is not had");

  private CompletableFuture<PutOutcome> held(int bytes) {
    Request<PutOutcome> put =
        new Request.Put(PutRequest.of(Key.of("a"), Bytes.utf8("x".repeat(bytes))));
    Held.Change<PutOutcome> call =
        new Held.Change<>(put, System.nanoTime() + Duration.ofHours(1).toNanos());
    calls.hold(call);
    return call.future();
  }

  @Test
  void callsWithMoreBytesThanMayWait_areRefused() {
    assertThat(held(60)).isNotDone();
    assertThat(held(40)).isNotDone();

    assertThatThrownBy(held(1)::join).hasCauseInstanceOf(OverloadedException.class);
    assertThat(held(0)).isNotDone();
  }

  @Test
  void bytesOfThoseWhoAreTaken_orHaveWaitedLongEnough_countNoMore() {
    var unused = held(100);
    assertThat(calls.takeAll()).hasSize(1);

    CompletableFuture<PutOutcome> second = held(100);
    calls.expire(System.nanoTime() + Duration.ofHours(2).toNanos());
    assertThat(second).isCompletedExceptionally();

    CompletableFuture<PutOutcome> third = held(100);
    third.cancel(false);
    calls.expire(System.nanoTime());
    assertThat(held(100)).isNotDone();
  }

  @Test
  void oneCallOfAnySize_mayWait() {
    assertThat(held(1_000)).isNotDone();
    assertThat(held(1)).isCompletedExceptionally();
  }
}
