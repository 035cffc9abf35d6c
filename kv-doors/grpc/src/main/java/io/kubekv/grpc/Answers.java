package io.kubekv.grpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.StoreException;
import io.kubekv.wire.Errors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parses a request, asks the store, and answers: with a message, or with the status of a failure.
 */
final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** A request that makes no sense. */
  private static final class Nonsense extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IllegalArgumentException reason;

    Nonsense(IllegalArgumentException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /** Serves a unary call on this thread. */
  static <P, W> void unary(
      StreamObserver<W> client, Supplier<P> parsing, Function<P, W> answering) {
    tell(
        client,
        () -> {
          try (CallThread thread = CallThread.enter()) {
            return answering.apply(parse(parsing));
          }
        });
  }

  /**
   * Serves a unary call on this thread, an event loop, when the store answers at once; otherwise
   * the answer is told on one of {@code threads}.
   *
   * @param question never waits
   */
  static <P, F, W> void unary(
      StreamObserver<W> client,
      Supplier<P> parsing,
      Function<P, CompletableFuture<F>> question,
      Executor threads,
      Function<F, W> answering) {
    CompletableFuture<F> coming;
    try {
      coming = question.apply(parse(parsing));
    } catch (RuntimeException failure) {
      client.onError(status(failure));
      return;
    } catch (Error mistake) {
      client.onError(ownFailure(mistake));
      return;
    }
    Runnable telling = () -> tell(client, () -> answering.apply(Await.read(coming)));
    if (coming.isDone()) {
      telling.run();
    } else {
      Runnable later = Context.current().wrap(telling);
      var unused = coming.whenCompleteAsync((found, failure) -> later.run(), threads);
    }
  }

  private static <W> void tell(StreamObserver<W> client, Supplier<W> answering) {
    W answer;
    try {
      answer = answering.get();
    } catch (RuntimeException failure) {
      client.onError(status(failure));
      return;
    } catch (Error mistake) { // not thrown on: gRPC would break the stream off before its answer
      client.onError(ownFailure(mistake));
      return;
    }
    client.onNext(answer);
    client.onCompleted();
  }

  /** What the request says; a {@link RuntimeException} that {@link #status} knows when nothing. */
  static <P> P parse(Supplier<P> parsing) {
    try {
      return parsing.get();
    } catch (IllegalArgumentException nonsense) {
      throw new Nonsense(nonsense);
    }
  }

  /** A request that makes no sense, and why. */
  static RuntimeException nonsense(String reason) {
    return new Nonsense(new IllegalArgumentException(reason));
  }

  /** How a failure is told. */
  static StatusRuntimeException status(RuntimeException failure) {
    return switch (failure) {
      case StoreException store -> Errors.toWire(store);
      case Nonsense nonsense -> Errors.toWire(nonsense.reason);
      default -> ownFailure(failure);
    };
  }

  /** How a failure is told that nobody expected; it is logged. */
  static StatusRuntimeException ownFailure(Throwable unexpected) {
    log.error("a gRPC call failed for a reason of our own", unexpected);
    return Status.INTERNAL
        .withDescription("an error of the server's own; its log says more")
        .asRuntimeException();
  }
}
