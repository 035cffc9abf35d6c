package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.kubekv.transport.http.HttpExchange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One question and one answer. */
final class UnaryCall<Q, W> extends DirectCall<Q, W> {
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile @Nullable Message answer;
  private @Nullable Listener<Q> asked;
  private boolean givenUp;

  /**
   * How it ended.
   *
   * @param message there if the status is OK
   */
  record Outcome(Status status, Optional<Message> message) {}

  UnaryCall(ServerMethodDefinition<Q, W> method, Optional<HttpExchange> exchange) {
    super(method, exchange);
  }

  /** Asks. */
  void begin(Metadata headers, Message question) {
    context.run(() -> ask(headers, question));
  }

  private void ask(Metadata headers, Message question) {
    Listener<Q> listener = method.getServerCallHandler().startCall(this, headers);
    listener.onMessage(asked(getMethodDescriptor(), question));
    listener.onHalfClose();
    boolean late;
    synchronized (this) {
      asked = listener;
      late = givenUp;
    }
    if (late) {
      listener.onCancel();
    }
  }

  /** How it ends. */
  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  @Override
  public void request(int messages) {}

  @Override
  public void sendMessage(W message) {
    answer = (Message) message;
  }

  @Override
  public void close(Status status, Metadata trailers) {
    outcome.complete(new Outcome(status, Optional.ofNullable(answer)));
    context.cancel(null);
  }

  @Override
  void end(Status status) {
    outcome.complete(new Outcome(status, Optional.empty()));
  }

  @Override
  void canceled() {
    Listener<Q> listener;
    synchronized (this) {
      listener = givenUp ? null : asked;
      givenUp = true;
    }
    if (listener != null) {
      listener.onCancel();
    }
  }
}
