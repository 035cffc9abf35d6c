package io.kubekv.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.kubekv.KeyValueStore;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.LocksGrpc;
import io.kubekv.v1.SessionsGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code grpc.health.v1}: every service is as ready as the store. */
final class StoreHealth implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final List<String> SERVICES =
      List.of(
          HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
          KeyValueGrpc.SERVICE_NAME,
          SessionsGrpc.SERVICE_NAME,
          LocksGrpc.SERVICE_NAME);

  private final KeyValueStore store;
  private final HealthStatusManager manager = new HealthStatusManager();
  private final CountDownLatch closed = new CountDownLatch(1);

  StoreHealth(KeyValueStore store) {
    this.store = store;
    tell();
  }

  BindableService service() {
    return manager.getHealthService();
  }

  /** Tells changes until it is closed. */
  void follow() {
    try {
      while (!closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
        tell();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** From here on nothing is served. */
  @Override
  public void close() {
    if (closed.getCount() > 0) {
      closed.countDown();
      manager.enterTerminalState();
    }
  }

  private void tell() {
    ServingStatus now = store.status().ready() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    SERVICES.forEach(service -> manager.setStatus(service, now));
  }
}
