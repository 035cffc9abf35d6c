package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.etcd.api.EtcdClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Does to the appends of a log what a network may. */
final class FaultyClient implements EtcdClient {
  /** What is to happen; shared by the clients of one log. Thread-safe. */
  static final class Faults {
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicReference<Optional<Runnable>> late =
        new AtomicReference<>(Optional.empty());
    private final AtomicInteger appends = new AtomicInteger();
    private volatile boolean losesSnapshots;

    void loseNextAnswer() {
      answers.incrementAndGet();
    }

    void loseNextRequest() {
      requests.incrementAndGet();
    }

    /** Keeps the next append back; what is returned delivers it, and waits for its answer. */
    Runnable holdNextRequest() {
      held.incrementAndGet();
      return () -> late.get().orElseThrow().run();
    }

    /** No snapshot is written any more. */
    void loseSnapshots() {
      losesSnapshots = true;
    }

    /** How many appends were made. */
    int appends() {
      return appends.get();
    }

    private static boolean takeOne(AtomicInteger left) {
      return left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
    }
  }

  private final EtcdClient client;
  private final Faults faults;

  FaultyClient(EtcdClient client, Faults faults) {
    this.client = client;
    this.faults = faults;
  }

  /** One put, under two conditions. */
  private static boolean appends(TxnRequest request) {
    return request.getSuccessCount() == 1
        && request.getSuccess(0).hasRequestPut()
        && request.getCompareCount() == 2;
  }

  private static boolean changes(TxnRequest request) {
    return request.getSuccess(0).hasRequestPut();
  }

  @Override
  public CompletableFuture<TxnResponse> txn(TxnRequest request) {
    if (faults.losesSnapshots && request.getSuccessCount() > 2 && changes(request)) {
      return lost("the snapshot was lost");
    }
    if (!appends(request)) {
      return client.txn(request);
    }
    faults.appends.incrementAndGet();
    if (Faults.takeOne(faults.requests)) {
      return lost("the request was lost");
    }
    if (Faults.takeOne(faults.held)) {
      CompletableFuture<TxnResponse> answer = new CompletableFuture<>();
      faults.late.set(Optional.of(() -> deliver(request, answer)));
      return answer;
    }
    return Faults.takeOne(faults.answers)
        ? client.txn(request).thenCompose(answer -> lost("the answer was lost"))
        : client.txn(request);
  }

  private void deliver(TxnRequest request, CompletableFuture<TxnResponse> answer) {
    answer.complete(client.txn(request).orTimeout(60, TimeUnit.SECONDS).join());
  }

  private static <T> CompletableFuture<T> lost(String what) {
    return CompletableFuture.failedFuture(new EtcdFailure(EtcdFailure.Kind.UNKNOWN, what));
  }

  @Override
  public CompletableFuture<RangeResponse> range(RangeRequest request) {
    return client.range(request);
  }

  @Override
  public CompletableFuture<Long> grant(long seconds) {
    return client.grant(seconds);
  }

  @Override
  public CompletableFuture<Duration> keepAlive(long lease) {
    return client.keepAlive(lease);
  }

  @Override
  public CompletableFuture<Void> revoke(long lease) {
    return client.revoke(lease);
  }

  @Override
  public Stream watch(ByteString from, ByteString end, long revision, Watcher watcher) {
    return client.watch(from, end, revision, watcher);
  }

  @Override
  public void reconnect() {
    client.reconnect();
  }

  @Override
  public void close() {
    client.close();
  }
}
