package io.kubekv.etcdv3.call;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.kubekv.Promise;
import io.kubekv.transport.threads.RequestThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Answers unary calls: at once what is known at once, otherwise where the call is served, so that
 * the store's own threads go on: on the event loop, if that has called, or on one of the threads.
 *
 * @param threads may wait: virtual ones
 * @param loop serves the connections
 */
public record Replies(Executor threads, Executor loop) {
  /**
   * Answers what is short, or is on a thread in any case.
   *
   * @param question never waits; may throw
   */
  public <W> void answer(StreamObserver<W> client, Supplier<CompletableFuture<W>> question) {
    CompletableFuture<W> coming = Promise.of(question);
    if (coming.isDone()) {
      tell(client, coming);
    } else {
      Executor next = Thread.currentThread().isVirtual() ? threads : loop;
      Executor inContext = Context.current().fixedContextExecutor(next);
      var unused = coming.whenCompleteAsync((found, failure) -> tell(client, coming), inContext);
    }
  }

  /**
   * The same on a thread.
   *
   * @param question never waits; may throw
   */
  public <W> void answerOnThread(
      StreamObserver<W> client, Supplier<CompletableFuture<W>> question) {
    if (Thread.currentThread().isVirtual()) {
      answer(client, question);
    } else {
      RequestThreads.executor().execute(() -> answer(client, question));
    }
  }

  /**
   * Begins a stream, or ends the call when that fails.
   *
   * @param beginning never waits; may throw
   */
  public static <Q> StreamObserver<Q> stream(
      StreamObserver<?> client, Supplier<? extends StreamObserver<Q>> beginning) {
    try {
      return beginning.get();
    } catch (RuntimeException failure) {
      client.onError(Failures.told(failure));
      return new Ended<>();
    }
  }

  /** Who asks what has ended already. */
  private static final class Ended<Q> implements StreamObserver<Q> {
    @Override
    public void onNext(Q question) {}

    @Override
    public void onError(Throwable gone) {}

    @Override
    public void onCompleted() {}
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
