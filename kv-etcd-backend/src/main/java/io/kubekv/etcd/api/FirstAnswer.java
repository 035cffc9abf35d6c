package io.kubekv.etcd.api;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcd.EtcdFailure;
import java.util.concurrent.CompletableFuture;

/** The one answer of a call, as a future. */
final class FirstAnswer<A> implements StreamObserver<A> {
  private final CompletableFuture<A> future = new CompletableFuture<>();

  CompletableFuture<A> future() {
    return future;
  }

  @Override
  public void onNext(A answer) {
    future.complete(answer);
  }

  @Override
  public void onError(Throwable failure) {
    future.completeExceptionally(
        EtcdFailure.of(new StatusRuntimeException(Status.fromThrowable(failure))));
  }

  @Override
  public void onCompleted() {
    future.completeExceptionally(
        new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "etcd ended the call without an answer"));
  }
}
