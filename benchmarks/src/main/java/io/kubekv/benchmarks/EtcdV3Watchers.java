package io.kubekv.benchmarks;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Very many watches of one key on one stream of etcd's v3 API, as Go's client has them. */
final class EtcdV3Watchers implements StreamObserver<WatchResponse> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StreamObserver<WatchRequest> requests;
  private final Semaphore created = new Semaphore(0);
  private final Semaphore woken = new Semaphore(0);
  private final BitSet seen = new BitSet();
  private volatile @Nullable Throwable failure;

  EtcdV3Watchers(ManagedChannel channel) {
    requests = WatchGrpc.newStub(channel).watch(this);
  }

  /** Begins that many. Blocks until all have begun. */
  void begin(ByteString key, int count) throws IOException {
    WatchRequest request =
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key))
            .build();
    for (int number = 0; number < count; number++) {
      requests.onNext(request);
    }
    await(created, count, "have begun");
  }

  /** Waits until that many have been told of an event, each once. Blocks. */
  void awaitWoken(int count) throws IOException {
    await(woken, count, "have been told of the change");
    synchronized (seen) {
      if (seen.cardinality() != count) {
        throw new IOException(seen.cardinality() + " watches were told, expected " + count);
      }
      seen.clear();
    }
  }

  private void await(Semaphore told, int count, String what) throws IOException {
    try {
      if (!told.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            told.availablePermits() + " of " + count + " watches " + what + "; " + failure);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  @Override
  public void onNext(WatchResponse answer) {
    if (answer.getCreated()) {
      created.release();
    } else {
      synchronized (seen) {
        seen.set((int) answer.getWatchId());
      }
      woken.release();
    }
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause;
  }

  @Override
  public void onCompleted() {}
}
