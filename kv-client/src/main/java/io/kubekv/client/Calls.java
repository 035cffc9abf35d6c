package io.kubekv.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.UnavailableException;
import io.kubekv.wire.Errors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

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
    Deadline deadline = DEADLINE.get();
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

  <Q, R> R read(MethodDescriptor<Q, R> method, Q request) {
    return reading(options -> ClientCalls.blockingUnaryCall(channel, method, options, request));
  }

  /**
   * Begins a read, once. Never blocks.
   *
   * @param executor where it is completed
   */
  <Q, R> CompletableFuture<R> beginRead(
      MethodDescriptor<Q, R> method, Q request, Executor executor) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, bounded().withExecutor(executor)),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(R message) {
            reached();
            answer.complete(message);
          }

          @Override
          public void onError(Throwable failure) {
            StatusRuntimeException status = Status.fromThrowable(failure).asRuntimeException();
            failed(status);
            answer.completeExceptionally(ofRead(status));
          }

          @Override
          public void onCompleted() {}
        });
    return answer;
  }

  /** All messages of an answer that comes in several. */
  <Q, R> List<R> readAll(MethodDescriptor<Q, R> method, Q request) {
    return reading(options -> all(method, options, request));
  }

  private <Q, R> List<R> all(MethodDescriptor<Q, R> method, CallOptions options, Q request) {
    List<R> parts = new ArrayList<>();
    Iterator<R> stream = ClientCalls.blockingServerStreamingCall(channel, method, options, request);
    stream.forEachRemaining(parts::add);
    return parts;
  }

  <Q, R> R change(MethodDescriptor<Q, R> method, Q request) {
    return changing(options -> ClientCalls.blockingUnaryCall(channel, method, options, request));
  }

  /** A change whose answer comes in several messages. */
  <Q, R> List<R> changeAll(MethodDescriptor<Q, R> method, Q request) {
    return changing(options -> all(method, options, request));
  }

  private <R> R changing(Function<CallOptions, R> call) {
    Sent sent = new Sent();
    try {
      return noted(call, bounded().withStreamTracerFactory(sent));
    } catch (StatusRuntimeException failure) {
      throw ofChange(failure, sent.sent);
    }
  }

  private <R> R reading(Function<CallOptions, R> call) {
    Sent sent = new Sent();
    try {
      return noted(call, bounded().withStreamTracerFactory(sent));
    } catch (StatusRuntimeException failure) {
      if (!sent.sent || !isBroken(failure)) {
        throw ofRead(failure);
      }
    }
    try {
      return noted(call, bounded());
    } catch (StatusRuntimeException failure) {
      throw ofRead(failure);
    }
  }

  private <R> R noted(Function<CallOptions, R> call, CallOptions options) {
    try {
      R answer = call.apply(options);
      reached();
      return answer;
    } catch (StatusRuntimeException failure) {
      failed(failure);
      throw failure;
    }
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
    return "the server cannot be asked: " + Errors.describe(failure.getStatus());
  }
}
