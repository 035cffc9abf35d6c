package io.kubekv.etcdv3;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.kubekv.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Answers unary calls: at once what is known at once, otherwise on one of the threads, so that the
 * store's own go on.
 */
record Replies(Executor threads) {
  /**
   * @param question never waits; may throw
   */
  <W> void answer(StreamObserver<W> client, Supplier<CompletableFuture<W>> question) {
    CompletableFuture<W> coming = Promise.of(question);
    if (coming.isDone()) {
      tell(client, coming);
    } else {
      Executor inContext = Context.current().fixedContextExecutor(threads);
      var unused = coming.whenCompleteAsync((found, failure) -> tell(client, coming), inContext);
    }
  }

  private static <W> void tell(StreamObserver<W> client, CompletableFuture<W> known) {
    W answer;
    try {
      answer = known.join();
    } catch (RuntimeException failure) {
      client.onError(Failures.told(failure));
      return;
    }
    client.onNext(answer);
    client.onCompleted();
  }
}
