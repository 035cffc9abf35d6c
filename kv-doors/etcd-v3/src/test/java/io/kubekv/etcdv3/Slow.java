package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of watches that reads only what the test asks for. */
final class Slow extends ClientCall.Listener<WatchResponse> {
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<WatchResponse> read = new LinkedBlockingQueue<>();
  private final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();
  private final ClientCall<WatchRequest, WatchResponse> call;

  Slow(Served served) {
    call = served.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call.start(this, new Metadata());
  }

  void create(WatchCreateRequest.Builder watch) {
    call.sendMessage(WatchRequest.newBuilder().setCreateRequest(watch).build());
  }

  WatchResponse next() throws InterruptedException {
    call.request(1);
    WatchResponse response = read.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(response).isNotNull();
    return response;
  }

  /** How it ended. */
  Status end() throws InterruptedException {
    Status status = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(status).isNotNull();
    return status;
  }

  @Override
  public void onMessage(WatchResponse message) {
    read.add(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    ended.add(status);
  }
}
