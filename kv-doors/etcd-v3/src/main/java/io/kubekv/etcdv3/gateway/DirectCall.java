package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.kubekv.etcdv3.call.CameBy;
import io.kubekv.transport.http.HttpExchange;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A call of a service without a connection in between. */
abstract class DirectCall<Q, W> extends ServerCall<Q, W> {
  static final Status LATE = Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");

  final ServerMethodDefinition<Q, W> method;

  /** Canceled as by gRPC: when the client is gone, and when the call is over. */
  final CancellableContext context = Context.current().withCancellation();

  private final Optional<HttpExchange> exchange;
  private volatile boolean canceled;

  /**
   * @param exchange by which its client asks; empty when nobody does
   */
  DirectCall(ServerMethodDefinition<Q, W> method, Optional<HttpExchange> exchange) {
    this.method = method;
    this.exchange = exchange;
  }

  @Override
  public final Attributes getAttributes() {
    return exchange
        .map(by -> Attributes.newBuilder().set(CameBy.CAME_BY, by.clientUrl()).build())
        .orElse(Attributes.EMPTY);
  }

  /** An empty question. */
  static <Q> Message noQuestion(MethodDescriptor<Q, ?> method) {
    return (Message) Objects.requireNonNull(prototypes(method).getMessagePrototype());
  }

  /** A question as the service takes it. */
  static <Q> Q asked(MethodDescriptor<Q, ?> method, Message question) {
    return prototypes(method).getMessageClass().cast(question);
  }

  private static <Q> PrototypeMarshaller<Q> prototypes(MethodDescriptor<Q, ?> method) {
    return (PrototypeMarshaller<Q>) method.getRequestMarshaller();
  }

  @Override
  public final MethodDescriptor<Q, W> getMethodDescriptor() {
    return method.getMethodDescriptor();
  }

  @Override
  public final void sendHeaders(Metadata headers) {}

  @Override
  public final boolean isCancelled() {
    return canceled;
  }

  /** Nobody wants an answer any more. May be repeated. */
  final void cancel() {
    canceled = true;
    context.cancel(null);
    canceled();
  }

  /** Tells the service, once. */
  abstract void canceled();

  /** Ends the call as far as its client is concerned. */
  abstract void end(Status status);

  /** Ends it when this has passed; nothing of it is kept for that once it is over. */
  final void endAfter(Duration time) {
    CompletableFuture<Boolean> passed =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
    context.addListener(over -> passed.complete(false), Runnable::run);
    var unused = passed.thenAcceptAsync(this::endIfLate);
  }

  private void endIfLate(boolean late) {
    if (late) {
      end(LATE);
      cancel();
    }
  }
}
