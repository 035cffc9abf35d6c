package io.kubekv.etcdv3;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.kubekv.etcdv3.wire.WatchCancelRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.etcdv3.wire.WatchProgressRequest;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of watches, and what came of it. */
final class Watching implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
  private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
  private final ClientCallStreamObserver<WatchRequest> requests;

  Watching(Channel channel) {
    this.requests =
        (ClientCallStreamObserver<WatchRequest>) WatchGrpc.newStub(channel).watch(new Responses());
  }

  private final class Responses implements ClientResponseObserver<WatchRequest, WatchResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> call) {}

    @Override
    public void onNext(WatchResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ends.add(Status.OK);
    }
  }

  void create(WatchCreateRequest.Builder request) {
    requests.onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  void cancel(long id) {
    requests.onNext(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
            .build());
  }

  void progress() {
    requests.onNext(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  /** The next message; fails when none comes. */
  WatchResponse next() throws InterruptedException {
    WatchResponse response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("no message within " + PATIENCE_SECONDS + " s; ended: " + ends);
    }
    return response;
  }

  /** How the stream ended; fails when it goes on. */
  Status end() throws InterruptedException {
    Status end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("the stream goes on after " + PATIENCE_SECONDS + " s");
    }
    return end;
  }

  /** What has come and was not taken. */
  @Nullable WatchResponse now() {
    return responses.poll();
  }

  @Override
  public void close() {
    requests.cancel("over", null);
  }
}
