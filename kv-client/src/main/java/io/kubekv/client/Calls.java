package io.kubekv.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.UnavailableException;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls with a deadline, whose failures are the port's. A read whose connection broke under it is
 * sent once more; a change never is: when it may have reached the server, its outcome is unknown.
 */
final class Calls {
  /** When the calls of a context are to be over; absent, the timeout bounds each of them. */
  static final Context.Key<Deadline> DEADLINE = Context.key("kubekv-deadline");

  /** More than any store's messages have; each is bounded by the server. */
  private static final int MAX_MESSAGE_BYTES = 256 << 20;

  private final Channel channel;
  private final Duration timeout;
  private volatile String trouble = "the server has not answered yet";

  Calls(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /** Whether a call has got as far as a connection. */
  private static final class Sent extends ClientStreamTracer.Factory {
    private volatile boolean sent;

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(Attributes transport, Metadata sentHeaders) {
          sent = true;
        }
      };
    }
  }

  Channel channel() {
    return channel;
  }

  /** Of a stream that stays open. */
  static CallOptions endless() {
    return CallOptions.DEFAULT.withMaxInboundMessageSize(MAX_MESSAGE_BYTES);
  }

  /** Of a call that is over in time. */
  CallOptions bounded() {
    return bounded(DEADLINE.get());
  }

  private CallOptions bounded(@Nullable Deadline deadline) {
    return deadline == null
        ? endless().withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
        : endless().withDeadline(deadline);
  }

  /** Why the server could not be reached when that was tried last; empty when it could. */
  String trouble() {
    return trouble;
  }

  /** The server has answered. */
  void reached() {
    trouble = "";
  }

  /** A call has failed; that is trouble unless the server says so itself. */
  void failed(StatusRuntimeException failure) {
    trouble = Errors.toPort(failure).isPresent() ? "" : describe(failure);
  }

  /** How long a call that begins now may take. */
  Duration timeout() {
    Deadline deadline = DEADLINE.get();
    return deadline == null
        ? timeout
        : Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }

  <Q, R> CompletableFuture<R> read(MethodDescriptor<Q, R> method, Q request) {
    return reading(options -> one(method, options, request));
  }

  /** All messages of an answer that comes in several. */
  <Q, R> CompletableFuture<List<R>> readAll(MethodDescriptor<Q, R> method, Q request) {
    return reading(options -> all(method, options, request));
  }

  <Q, R> CompletableFuture<R> change(MethodDescriptor<Q, R> method, Q request) {
    return changing(options -> one(method, options, request));
  }

  /** A change whose answer comes in several messages. */
  <Q, R> CompletableFuture<List<R>> changeAll(MethodDescriptor<Q, R> method, Q request) {
    return changing(options -> all(method, options, request));
  }

  /** A call of one message each way; cancelling it cancels the call. Fails with its status. */
  <Q, R> CompletableFuture<R> one(MethodDescriptor<Q, R> method, CallOptions options, Q request) {
    // only completes a future, so that it may be where messages are read
    ClientCall<Q, R> call = channel.newCall(method, options.withExecutor(Runnable::run));
    Reply<R> reply = new Reply<>();
    CompletableFuture<R> answer = reply.whole().thenApply(List::getFirst);
    ClientCalls.asyncUnaryCall(call, request, reply);
    var unused =
        answer.whenComplete(
            (done, failure) -> {
              if (answer.isCancelled()) {
                call.cancel("nobody waits for it any more", null);
              }
            });
    return answer;
  }

  private <Q, R> CompletableFuture<List<R>> all(
      MethodDescriptor<Q, R> method, CallOptions options, Q request) {
    Reply<R> reply = new Reply<>();
    ClientCalls.asyncServerStreamingCall(channel.newCall(method, options), request, reply);
    return reply.whole();
  }

  /** The messages of an answer, once all have come. */
  private record Reply<R>(List<R> parts, CompletableFuture<List<R>> whole)
      implements StreamObserver<R> {
    Reply() {
      this(new ArrayList<>(), new CompletableFuture<>());
    }

    @Override
    public void onNext(R message) {
      parts.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      whole.complete(parts);
    }
  }

  private <R> CompletableFuture<R> changing(Function<CallOptions, CompletableFuture<R>> call) {
    Sent sent = new Sent();
    return noted(call.apply(bounded().withStreamTracerFactory(sent)))
        .exceptionallyCompose(failure -> failed(ofChange(status(failure), sent.sent)));
  }

  private <R> CompletableFuture<R> reading(Function<CallOptions, CompletableFuture<R>> call) {
    Sent sent = new Sent();
    Deadline deadline = DEADLINE.get();
    Context caller = Context.current();
    return noted(call.apply(bounded(deadline).withStreamTracerFactory(sent)))
        .exceptionallyCompose(
            failure ->
                sent.sent && isBroken(status(failure))
                    ? again(caller, () -> noted(call.apply(bounded(deadline))))
                    : CompletableFuture.failedFuture(failure))
        .exceptionallyCompose(failure -> failed(ofRead(status(failure))));
  }

  private static <R> CompletableFuture<R> again(
      Context caller, Supplier<CompletableFuture<R>> call) {
    Context before = caller.attach();
    try {
      return call.get();
    } finally {
      caller.detach(before);
    }
  }

  private <R> CompletableFuture<R> noted(CompletableFuture<R> answer) {
    return answer.whenComplete(
        (come, failure) -> {
          if (failure == null) {
            reached();
          } else {
            failed(status(failure));
          }
        });
  }

  private static <R> CompletableFuture<R> failed(RuntimeException failure) {
    return CompletableFuture.failedFuture(failure);
  }

  /** What a call has failed by; the server's own words are in its trailers. */
  static StatusRuntimeException status(Throwable failure) {
    Throwable cause = Await.cause(failure);
    return cause instanceof StatusRuntimeException known
        ? known
        : Status.fromThrowable(cause).asRuntimeException(Status.trailersFromThrowable(cause));
  }

  /** Whether the connection ended, and nobody told what became of the call. */
  static boolean isBroken(StatusRuntimeException failure) {
    return failure.getStatus().getCode() == Status.Code.UNAVAILABLE
        && Errors.toPort(failure).isEmpty();
  }

  static RuntimeException ofRead(StatusRuntimeException failure) {
    return Errors.toPort(failure)
        .orElseGet(() -> new UnavailableException(describe(failure), failure));
  }

  private static RuntimeException ofChange(StatusRuntimeException failure, boolean sent) {
    return Errors.toPort(failure)
        .orElseGet(
            () ->
                sent
                    ? new OutcomeUnknownException(
                        "no answer came to a change: " + describe(failure), failure)
                    : new UnavailableException(describe(failure), failure));
  }

  private static String describe(StatusRuntimeException failure) {
    return "the server cannot be asked: " + ConnectionFailure.describe(failure.getStatus());
  }
}
