package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.kubekv.v1.Kv;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A watch whose messages come one by one, when asked for. */
final class WatchClient implements ClientResponseObserver<Kv.WatchRequest, Kv.WatchResponse> {
  private final BlockingQueue<Kv.WatchResponse> came = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private Optional<ClientCallStreamObserver<Kv.WatchRequest>> call = Optional.empty();

  @Override
  public void beforeStart(ClientCallStreamObserver<Kv.WatchRequest> stream) {
    stream.disableAutoRequestWithInitial(0);
    call = Optional.of(stream);
  }

  @Override
  public void onNext(Kv.WatchResponse message) {
    came.add(message);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }

  /** How the stream ended. */
  CompletableFuture<Status> end() {
    return end;
  }

  void request(int messages) {
    call.orElseThrow().request(messages);
  }

  Kv.WatchResponse next() throws InterruptedException {
    request(1);
    Kv.WatchResponse message = came.poll(DoorUnderTest.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    assertThat(message).as("a message").isNotNull();
    return message;
  }

  void cancel() {
    call.orElseThrow().cancel("enough", null);
  }
}
