package io.kubekv.engine;

import io.kubekv.OutcomeUnknownException;
import io.kubekv.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** Waits for answers, for as long as the port blocks. */
final class Waits {
  private Waits() {}

  /** The answer to something that changes nothing. */
  static <T> T forRead(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the store");
    } catch (ExecutionException failed) {
      throw failure(failed);
    }
  }

  /** The answer to something that may change something. */
  static <T> T forChange(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted while a change was on its way");
    } catch (ExecutionException failed) {
      throw failure(failed);
    }
  }

  /** An answer that is never a failure. */
  static <T> T interruptibly(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      throw failure(failed);
    }
  }

  /** Nobody's code runs in the pipeline's turn. */
  static <T> CompletableFuture<T> completedBy(Executor executor, CompletableFuture<T> at) {
    return at.isDone() ? at : at.whenCompleteAsync((answer, failure) -> {}, executor);
  }

  private static RuntimeException failure(ExecutionException failed) {
    return failed.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(failed.getCause());
  }
}
