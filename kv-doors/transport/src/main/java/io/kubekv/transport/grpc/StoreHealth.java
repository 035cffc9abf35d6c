package io.kubekv.transport.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.kubekv.KeyValueStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code grpc.health.v1}: every service is as ready as the store. */
final class StoreHealth implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(250);
  private final KeyValueStore store;
  private final List<String> services;
  private final HealthStatusManager manager = new HealthStatusManager();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param services that a door has
   */
  StoreHealth(KeyValueStore store, List<String> services) {
    this.store = store;
    this.services = List.copyOf(services);
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
    manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now);
    services.forEach(service -> manager.setStatus(service, now));
  }
}
