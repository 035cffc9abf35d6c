package io.kubekv.server.grpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.kubekv.StoreException;
import io.kubekv.wire.Errors;
import java.util.Optional;
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
    W answer;
    try (CallThread thread = CallThread.enter()) {
      answer = answering.apply(parse(parsing));
    } catch (RuntimeException failure) {
      client.onError(status(failure));
      return;
    }
    client.onNext(answer);
    client.onCompleted();
  }

  /**
   * Serves a unary call on this thread, an event loop, when the answer can be had without waiting;
   * otherwise on one of {@code threads}.
   *
   * @param atOnce never blocks; empty when the answer takes waiting
   */
  static <P, W> void unary(
      StreamObserver<W> client,
      Supplier<P> parsing,
      Function<P, Optional<W>> atOnce,
      Executor threads,
      Function<P, W> answering) {
    P parsed;
    Optional<W> answer;
    try {
      parsed = parse(parsing);
      answer = atOnce.apply(parsed);
    } catch (RuntimeException failure) {
      client.onError(status(failure));
      return;
    }
    if (answer.isPresent()) {
      client.onNext(answer.get());
      client.onCompleted();
    } else {
      threads.execute(Context.current().wrap(() -> unary(client, () -> parsed, answering)));
    }
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
      default -> {
        log.error("a gRPC call failed for a reason of our own", failure);
        yield Status.INTERNAL
            .withDescription("an error of the server's own; its log says more")
            .asRuntimeException();
      }
    };
  }
}
