package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What threads hear that wait for a future. */
class AwaitTest {
  private final UnavailableException failure = new UnavailableException("not now");

  @Test
  void failure_isThrownAsItIs_alsoByDependents() {
    CompletableFuture<String> failed = CompletableFuture.failedFuture(failure);

    assertThatThrownBy(() -> Await.read(failed)).isSameAs(failure);
    assertThatThrownBy(() -> Await.change(failed.thenApply(String::trim))).isSameAs(failure);
    assertThatThrownBy(() -> Await.interruptibly(failed.thenCompose(one -> failed)))
        .isSameAs(failure);
  }

  @Test
  void cause_findsTheFailure() {
    CompletableFuture<String> failed = CompletableFuture.failedFuture(failure);

    assertThat(failed.handle((done, why) -> Await.cause(why)).join()).isSameAs(failure);
    assertThat(failed.thenApply(String::trim).handle((done, why) -> Await.cause(why)).join())
        .isSameAs(failure);
  }

  @Test
  void interrupted_whatIsNotKnownIsSaid_andTheThreadStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Await.read(new CompletableFuture<>()))
        .isInstanceOf(UnavailableException.class);
    assertThat(Thread.interrupted()).isTrue();

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Await.change(new CompletableFuture<>()))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptibly_interrupted_givesUpWhatItWaitsFor() {
    CompletableFuture<Boolean> coming = new CompletableFuture<>();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> Await.interruptibly(coming)).isInstanceOf(InterruptedException.class);

    assertThat(coming).isCancelled();
  }

  @Test
  void promise_whatACallThrows_isInItsFuture() {
    CompletableFuture<String> call =
        Promise.of(
            () -> {
              throw failure;
            });

    assertThatThrownBy(() -> Await.read(call)).isSameAs(failure);
  }
}
