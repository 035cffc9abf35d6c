package io.kubekv.benchmarks.load;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An API server that has the type of keys, and drops an object that is as it was, as every one. */
public final class KeyValueServer implements AutoCloseable {
  private final EmbeddedApiServer server;

  public KeyValueServer() throws IOException {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
            .build()) {
      byte[] yaml = KeyValueDefinition.yaml().getBytes(StandardCharsets.UTF_8);
      client.load(new ByteArrayInputStream(yaml)).create();
    }
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(server.uri().getHost(), server.uri().getPort());
  }

  public String token() {
    return server.token();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
