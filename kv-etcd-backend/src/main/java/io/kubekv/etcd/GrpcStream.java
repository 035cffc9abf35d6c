package io.kubekv.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A watch as one gRPC stream that holds at most two answers here. */
final class GrpcStream implements EtcdStream, ClientResponseObserver<WatchRequest, WatchResponse> {
  private static final int AHEAD = 2;

  private sealed interface Arrival {}

  private record Answer(WatchResponse response) implements Arrival {}

  private record End(EtcdFailure failure) implements Arrival {}

  private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private volatile @Nullable ClientCallStreamObserver<WatchRequest> call;

  void open(WatchGrpc.WatchStub stub, WatchCreateRequest create) {
    stub.watch(this).onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    stream.disableAutoRequestWithInitial(AHEAD);
    call = stream;
  }

  @Override
  public void onNext(WatchResponse response) {
    arrivals.add(new Answer(response));
  }

  @Override
  public void onError(Throwable failure) {
    arrivals.add(
        new End(EtcdFailure.of(new StatusRuntimeException(Status.fromThrowable(failure)))));
  }

  @Override
  public void onCompleted() {
    arrivals.add(new End(new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "etcd ended the watch")));
  }

  @Override
  public Optional<WatchResponse> next(Duration atMost) throws EtcdFailure, InterruptedException {
    Arrival arrival = arrivals.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    if (arrival == null) {
      return Optional.empty();
    }
    return switch (arrival) {
      case Answer answer -> {
        ClientCallStreamObserver<WatchRequest> open = call;
        if (open != null) {
          open.request(1);
        }
        yield Optional.of(answer.response());
      }
      case End end -> {
        arrivals.add(end);
        throw end.failure();
      }
    };
  }

  @Override
  public synchronized void askProgress() {
    ClientCallStreamObserver<WatchRequest> open = call;
    if (open != null && open.isReady()) {
      open.onNext(
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build());
    }
  }

  @Override
  public void close() {
    ClientCallStreamObserver<WatchRequest> open = call;
    if (open != null) {
      open.cancel("the watch was closed", null);
    }
  }
}
