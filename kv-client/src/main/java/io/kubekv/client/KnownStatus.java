package io.kubekv.client;

import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.Limits;
import io.kubekv.Revision;
import io.kubekv.StoreStatus;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Outcomes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the server said last about the store. Whoever asks gets that at once; when it is old, the
 * server is asked again in the background.
 */
final class KnownStatus {
  /** Older than this is old. */
  private static final Duration FRESH = Duration.ofMillis(20);

  private final Calls calls;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Kv.@Nullable StatusResponse heard;
  private volatile long askedNanos;

  KnownStatus(Calls calls) {
    this.calls = calls;
  }

  /** What is known, without waiting. */
  StoreStatus now(boolean closed) {
    if (!closed && System.nanoTime() - askedNanos > FRESH.toNanos()) {
      refresh();
    }
    Kv.StatusResponse last = heard;
    StoreStatus known =
        last == null
            ? new StoreStatus(false, "", Revision.ZERO, Revision.ZERO, 0, 0)
            : Outcomes.toPort(last);
    String trouble = closed ? "the store is closed" : calls.trouble();
    return trouble.isEmpty()
        ? known
        : new StoreStatus(
            false, trouble, known.revision(), known.oldest(), known.entries(), known.bytes());
  }

  /** The store's limits, once they are known. */
  Optional<Limits> limits() {
    return Optional.ofNullable(heard).map(Kv.StatusResponse::getLimits).map(Outcomes::toPort);
  }

  /** What does not change in a store's life; waits for the server while it was never reached. */
  Kv.StatusResponse require() {
    Kv.StatusResponse last = heard;
    if (last != null) {
      return last;
    }
    Kv.StatusResponse first =
        Await.read(
            calls.read(KeyValueGrpc.getStatusMethod(), Kv.StatusRequest.getDefaultInstance()));
    heard = first;
    return first;
  }

  /** Asks the server, and does not wait for it. */
  void refresh() {
    if (!asking.compareAndSet(false, true)) {
      return;
    }
    askedNanos = System.nanoTime();
    ClientCalls.asyncUnaryCall(
        calls.channel().newCall(KeyValueGrpc.getStatusMethod(), calls.bounded()),
        Kv.StatusRequest.getDefaultInstance(),
        new StreamObserver<Kv.StatusResponse>() {
          @Override
          public void onNext(Kv.StatusResponse answer) {
            heard = answer;
            calls.reached();
          }

          @Override
          public void onError(Throwable error) {
            calls.failed(Status.fromThrowable(error).asRuntimeException());
            asking.set(false);
          }

          @Override
          public void onCompleted() {
            asking.set(false);
          }
        });
  }
}
