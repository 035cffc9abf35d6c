package io.kubekv.server.loopback;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.kubekv.embedded.Loopback;

/** Makes clients that talk to the API server in this process without sockets. */
public final class LoopbackTransport implements HttpClient.Factory {
  private final Loopback server;

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
}
