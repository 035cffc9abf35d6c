package io.kubekv;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Waits for what a store answers, on a thread that may: a virtual thread, or that of a command. A
 * failure is thrown as it is in the future, without what futures put around it.
 *
 * <p>A thread that is interrupted while it waits stays interrupted. What it has begun goes on.
 */
public final class Await {
  private Await() {}

  /**
   * The answer to something that changes nothing.
   *
   * @throws UnavailableException also when the thread is interrupted
   */
  public static <T> T read(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the store");
    } catch (ExecutionException | CancellationException failed) {
      throw unchecked(failed);
    }
  }

  /**
   * The answer to something that may change something.
   *
   * @throws OutcomeUnknownException also when the thread is interrupted
   */
  public static <T> T change(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted while a change was on its way");
    } catch (ExecutionException | CancellationException failed) {
      throw unchecked(failed);
    }
  }

  /** The answer to something that is given up when the thread is interrupted. */
  public static <T> T interruptibly(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException | CancellationException failed) {
      throw unchecked(failed);
    } finally {
      answer.cancel(false);
    }
  }

  /** What has failed, without what futures put around it when they pass it on. */
  public static Throwable cause(Throwable failed) {
    Throwable cause = failed.getCause();
    boolean wrapped = failed instanceof CompletionException || failed instanceof ExecutionException;
    return wrapped && cause != null ? cause : failed;
  }

  private static RuntimeException unchecked(Exception failed) {
    Throwable cause = cause(failed);
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }
}
