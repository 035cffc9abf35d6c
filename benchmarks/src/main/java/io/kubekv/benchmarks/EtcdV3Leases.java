package io.kubekv.benchmarks;

import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Very many leases of one client of etcd's v3 API, kept alive on one stream at an even pace. */
final class EtcdV3Leases implements StreamObserver<LeaseKeepAliveResponse> {
  private static final long TIME_TO_LIVE_SECONDS = 30;
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LeaseGrpc.LeaseBlockingStub stub;
  private final StreamObserver<LeaseKeepAliveRequest> requests;
  private final List<Long> ids = new ArrayList<>();
  private final Semaphore answered = new Semaphore(0);
  private volatile @Nullable String failure;
  private int next;

  EtcdV3Leases(ManagedChannel channel) {
    stub = LeaseGrpc.newBlockingStub(channel);
    requests = LeaseGrpc.newStub(channel).leaseKeepAlive(this);
  }

  /** Grants that many. Blocks. */
  void grant(int count) {
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(TIME_TO_LIVE_SECONDS).build();
    for (int number = 0; number < count; number++) {
      ids.add(stub.leaseGrant(request).getID());
    }
  }

  /**
   * Keeps them alive for a time, each every ten seconds, and goes on where it stopped. Blocks.
   *
   * @return how often one was
   */
  long keepAlive(Duration time) throws IOException {
    long begun = System.nanoTime();
    long pace = EVERY.toNanos() / ids.size();
    int count = (int) (time.toNanos() / pace);
    for (int number = 0; number < count; number++) {
      for (long early = 1; early > 0; early = begun + number * pace - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(ids.get(next)).build());
      next = (next + 1) % ids.size();
    }
    awaitAnswers(count);
    return count;
  }

  private void awaitAnswers(int count) throws IOException {
    try {
      boolean all = answered.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!all || failure != null) {
        throw new IOException("leases were not all kept alive: " + failure);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  @Override
  public void onNext(LeaseKeepAliveResponse answer) {
    if (answer.getTTL() <= 0) {
      failure = "a lease ended although it was kept alive in time";
    }
    answered.release();
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause.toString();
  }

  @Override
  public void onCompleted() {}
}
