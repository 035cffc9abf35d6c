package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/** Holds back the first request of some kind; the others go their way. Thread-safe. */
final class Gate implements Function<ApiRequest, Treatment> {
  private final Predicate<ApiRequest> which;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile boolean lease = true;

  Gate(Predicate<ApiRequest> which) {
    this.which = which;
  }

  /** From now on the lease cannot be renewed either; who holds it can still be seen. */
  void cutLease() {
    lease = false;
  }

  @Override
  public Treatment apply(ApiRequest request) {
    if (which.test(request) && taken.compareAndSet(false, true)) {
      arrived.countDown();
      return new Treatment.Hold(opened);
    }
    return !lease && request.changesLease() ? new Treatment.Cut() : Treatment.PASS;
  }

  /** Blocks until the request is here. */
  void awaitArrival(Duration atMost) throws IOException {
    try {
      if (!arrived.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the request that was to be held back did not come");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Lets it go on. */
  void open() {
    opened.countDown();
  }
}
