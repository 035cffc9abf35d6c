package io.kubekv.etcdv3.lease;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.Promise;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.StreamTurns;
import io.kubekv.etcdv3.wire.LeaseKeepAliveRequest;
import io.kubekv.etcdv3.wire.LeaseKeepAliveResponse;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Use;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of renewals, one after the other: the next is asked for when the one before is
 * answered and the client has room for more, so nothing piles up.
 */
final class KeepAlives implements StreamObserver<LeaseKeepAliveRequest> {
  private final ServerCallStreamObserver<LeaseKeepAliveResponse> client;
  private final KeyValueStore store;
  private final LeaseService leases;
  private final Consumer<KeepAlives> whenOver;
  private final StreamTurns turns;
  private boolean busy;
  private boolean waits;
  private boolean finishing;
  private volatile boolean over;

  KeepAlives(
      ServerCallStreamObserver<LeaseKeepAliveResponse> client,
      KeyValueStore store,
      LeaseService leases,
      Optional<Budget> budget,
      Executor threads,
      Consumer<KeepAlives> whenOver) {
    this.client = client;
    this.store = store;
    this.leases = leases;
    this.whenOver = whenOver;
    this.turns = new StreamTurns(budget, threads, () -> over);
    client.disableAutoRequest();
    client.setOnReadyHandler(this::ready);
    client.setOnCancelHandler(this::gone);
    client.request(1);
  }

  @Override
  public void onNext(LeaseKeepAliveRequest request) {
    synchronized (this) {
      busy = true;
    }
    turns.take(
        use -> renew(request, use),
        () -> answer(null, Failures.TOO_MANY_REQUESTS.asRuntimeException()));
  }

  private void renew(LeaseKeepAliveRequest request, Use use) {
    var unused =
        Promise.of(() -> leases.renewed(request.getID(), store))
            .whenComplete(
                (answer, failure) -> {
                  use.end(request.getSerializedSize());
                  answer(answer, failure);
                });
  }

  private synchronized void answer(
      @Nullable LeaseKeepAliveResponse answer, @Nullable Throwable failure) {
    busy = false;
    if (over) {
      return;
    }
    if (answer == null) {
      over = true;
      client.onError(Failures.told(failure == null ? new IllegalStateException() : failure));
      whenOver.accept(this);
      return;
    }
    client.onNext(answer);
    if (finishing) {
      complete();
    } else if (client.isReady()) {
      client.request(1);
    } else {
      waits = true;
    }
  }

  private synchronized void ready() {
    if (waits && !over) {
      waits = false;
      client.request(1);
    }
  }

  private synchronized void complete() {
    if (!over) {
      over = true;
      client.onCompleted();
      whenOver.accept(this);
    }
  }

  private synchronized void gone() {
    over = true;
    whenOver.accept(this);
  }

  @Override
  public void onError(Throwable broken) {
    gone();
  }

  @Override
  public synchronized void onCompleted() {
    finishing = true;
    if (!busy) {
      complete();
    }
  }

  synchronized void stop() {
    if (!over) {
      over = true;
      client.onError(Failures.STOPPED.asRuntimeException());
      whenOver.accept(this);
    }
  }
}
