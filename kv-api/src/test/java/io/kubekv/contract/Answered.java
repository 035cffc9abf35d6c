package io.kubekv.contract;

import io.kubekv.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Answers of stores that tests wrap around others, and that are worked out in plain steps. */
public final class Answered {
  private Answered() {}

  /**
   * Works an answer out on this thread. Where the steps wait, the promise that no call does is
   * broken.
   */
  public static <T> CompletableFuture<T> by(Supplier<T> steps) {
    return Promise.of(() -> CompletableFuture.completedFuture(steps.get()));
  }
}
