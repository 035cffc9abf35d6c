package io.kubekv.loopback;

import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.util.concurrent.atomic.AtomicBoolean;

/** Builds {@link LoopbackClient}s; those derived from one another are closed together. */
final class LoopbackClientBuilder
    extends StandardHttpClientBuilder<LoopbackClient, LoopbackTransport, LoopbackClientBuilder> {

  LoopbackClientBuilder(LoopbackTransport transport) {
    super(transport);
  }

  @Override
  public LoopbackClient build() {
    AtomicBoolean closed = client == null ? new AtomicBoolean() : client.getClosed();
    return new LoopbackClient(this, closed, clientFactory);
  }

  @Override
  protected LoopbackClientBuilder newInstance(LoopbackTransport transport) {
    return new LoopbackClientBuilder(transport);
  }
}
