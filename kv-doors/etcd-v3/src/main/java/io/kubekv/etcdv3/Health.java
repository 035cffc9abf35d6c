package io.kubekv.etcdv3;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** {@code grpc.health.v1}: the server, which has no name as in etcd, is as ready as the store. */
final class Health {
  private static final long EVERY_MILLIS = 250;

  private final EtcdV3Services.Setup setup;
  private final HealthStatusManager manager = new HealthStatusManager();
  private final ScheduledFuture<?> looking;

  Health(EtcdV3Services.Setup setup) {
    this.setup = setup;
    tell();
    this.looking =
        setup
            .timer()
            .scheduleWithFixedDelay(this::tell, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  BindableService service() {
    return manager.getHealthService();
  }

  private void tell() {
    boolean ready = setup.whole().status().ready();
    manager.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  void close() {
    looking.cancel(false);
    manager.enterTerminalState();
  }
}
