package io.kubekv.etcd.api;

import io.kubekv.etcd.EtcdFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What the futures of an {@link EtcdClient} have come to. */
public final class Answers {
  private Answers() {}

  /** What a future has failed with. */
  public static EtcdFailure failure(Throwable failure) {
    Throwable cause =
        (failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof EtcdFailure known
        ? known
        : new EtcdFailure(EtcdFailure.Kind.UNKNOWN, String.valueOf(cause));
  }

  /** Waits for an answer, which every future gives within a bounded time. For virtual threads. */
  public static <T> T await(CompletableFuture<T> answer) throws EtcdFailure, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      throw failure(failed);
    }
  }
}
