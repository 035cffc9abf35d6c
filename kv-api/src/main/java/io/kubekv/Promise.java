package io.kubekv;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What the calls of a store promise: a failure is in the future, and never thrown by the call. */
public final class Promise {
  private Promise() {}

  /**
   * Makes a call.
   *
   * @param call may throw what belongs into the future; must not wait
   */
  public static <T> CompletableFuture<T> of(Supplier<CompletableFuture<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }
}
