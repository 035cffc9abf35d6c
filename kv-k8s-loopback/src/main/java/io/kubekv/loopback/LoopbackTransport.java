package io.kubekv.loopback;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.kubekv.embedded.Loopback;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Makes a client that talks to the API server in this process without sockets, and those derived
 * from it.
 */
public final class LoopbackTransport implements HttpClient.Factory {
  private final Loopback server;

  /** A coarse clock for all requests: a timer of its own for each would wake a thread each time. */
  private final HashedWheelTimer timeouts =
      new HashedWheelTimer(new DefaultThreadFactory("kubekv-loopback-timeouts", true));

  public LoopbackTransport(Loopback server) {
    this.server = server;
  }

  @Override
  public LoopbackClientBuilder newBuilder() {
    return new LoopbackClientBuilder(this);
  }

  Loopback server() {
    return server;
  }

  HashedWheelTimer timeouts() {
    return timeouts;
  }
}
