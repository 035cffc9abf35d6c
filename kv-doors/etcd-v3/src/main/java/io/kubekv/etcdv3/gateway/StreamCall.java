package io.kubekv.etcdv3.gateway;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.threads.RequestThreads;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call whose answer is a stream. The service asks for a question when it has room for it, and is
 * told in turns, one after the other, as by gRPC itself.
 */
final class StreamCall<Q, W> extends DirectCall<Q, W> {
  private final QuestionSource questions;
  private final Consumer<DirectCall<?, ?>> whenOver;
  private final Executor turns =
      MoreExecutors.newSequentialExecutor(context.fixedContextExecutor(RequestThreads.executor()));
  private final Chunks chunks;
  private @Nullable Listener<Q> listener;
  private long wanted;
  private boolean halfClosed;
  private boolean told;
  private volatile boolean closed;

  /**
   * @param questions the next; empty when there are no more
   * @param whenOver told at its end; may be repeated
   */
  StreamCall(
      ServerMethodDefinition<Q, W> method,
      HttpExchange exchange,
      QuestionSource questions,
      Consumer<DirectCall<?, ?>> whenOver) {
    super(method, Optional.of(exchange));
    this.questions = questions;
    this.whenOver = whenOver;
    this.chunks = new Chunks(exchange, this::cancel, this::room);
  }

  void begin(Metadata headers) {
    chunks.open();
    turn(
        () -> {
          if (!closed) {
            listener = method.getServerCallHandler().startCall(this, headers);
            listener.onReady();
          }
        });
  }

  /** A service that fails ends the call, as by gRPC itself. */
  private void turn(Runnable work) {
    turns.execute(
        () -> {
          try {
            work.run();
          } catch (RuntimeException unexpected) {
            end(Status.UNKNOWN.withDescription("Application error processing RPC"));
            cancel();
            throw unexpected;
          }
        });
  }

  /** In a turn. */
  private Listener<Q> listener() {
    if (listener == null) {
      throw new IllegalStateException("the call has not begun");
    }
    return listener;
  }

  private void room() {
    turn(
        () -> {
          if (!closed) {
            listener().onReady();
          }
        });
  }

  @Override
  public boolean isReady() {
    return !closed && chunks.isReady();
  }

  @Override
  public void request(int messages) {
    turn(
        () -> {
          wanted += messages;
          while (wanted > 0 && !halfClosed && !closed) {
            ask();
          }
        });
  }

  private void ask() {
    Optional<Message> question = questions.next();
    if (question.isPresent()) {
      wanted--;
      listener().onMessage(asked(getMethodDescriptor(), question.get()));
    } else {
      halfClosed = true;
      listener().onHalfClose();
    }
  }

  @Override
  public void sendMessage(W message) {
    if (!closed) {
      chunks.send(MessageWriter.result((Message) message));
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    end(status);
    turn(
        () -> {
          if (!told) {
            told = true;
            listener().onComplete();
          }
          context.cancel(null);
        });
  }

  @Override
  void end(Status status) {
    closed = true;
    chunks.end(status);
    whenOver.accept(this);
  }

  @Override
  void canceled() {
    closed = true;
    whenOver.accept(this);
    turn(
        () -> {
          if (!told && listener != null) {
            told = true;
            listener.onCancel();
          }
        });
  }
}
