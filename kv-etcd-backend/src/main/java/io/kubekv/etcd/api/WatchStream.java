package io.kubekv.etcd.api;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.LoginToken;
import org.jspecify.annotations.Nullable;

/** A watch as one gRPC stream. The next answer is asked for when the one before has been taken. */
final class WatchStream
    implements EtcdClient.Stream, ClientResponseObserver<WatchRequest, WatchResponse> {
  private final EtcdClient.Watcher watcher;
  private final LoginToken token;
  private volatile @Nullable ClientCallStreamObserver<WatchRequest> call;
  private volatile boolean closed;

  WatchStream(EtcdClient.Watcher watcher, LoginToken token) {
    this.watcher = watcher;
    this.token = token;
  }

  void open(WatchGrpc.WatchStub stub, WatchCreateRequest create) {
    stub.watch(this).onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
    if (closed) {
      close();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    call = stream;
  }

  @Override
  public void onNext(WatchResponse response) {
    if (!closed) {
      watcher.next(response);
    }
  }

  @Override
  public void onError(Throwable failure) {
    EtcdFailure known =
        failure instanceof EtcdFailure already
            ? already
            : EtcdFailure.of(new StatusRuntimeException(Status.fromThrowable(failure)));
    end(token.noted(known));
  }

  @Override
  public void onCompleted() {
    end(new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "etcd ended the watch"));
  }

  private void end(EtcdFailure why) {
    if (!closed) {
      closed = true;
      watcher.ended(why);
    }
  }

  @Override
  public void close() {
    closed = true;
    ClientCallStreamObserver<WatchRequest> open = call;
    if (open != null) {
      open.cancel("the watch was closed", null);
    }
  }
}
