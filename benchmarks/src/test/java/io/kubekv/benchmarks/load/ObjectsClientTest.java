package io.kubekv.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an API server that drops an object that is as it was, as every one does. */
class ObjectsClientTest {
  private EmbeddedApiServer server;
  private ObjectsClient.Api api;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
            .build()) {
      byte[] yaml = KeyValueDefinition.yaml().getBytes(StandardCharsets.UTF_8);
      client.load(new ByteArrayInputStream(yaml)).create();
    }
    InetSocketAddress address =
        new InetSocketAddress(server.uri().getHost(), server.uri().getPort());
    api = new ObjectsClient.Api(address, null, server.token(), "default");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void putOfTheSameValue_isAWriteEachTime() throws IOException {
    try (Client first = api.open();
        Client second = api.open()) {
      Operation.Put put = new Operation.Put("root/d0/k1", "value");
      first.perform(put);
      long before = first.revision();
      long modified = first.modified("root/d0/k1");

      first.perform(put);
      second.perform(put);
      first.perform(put);

      assertThat(first.modified("root/d0/k1")).isGreaterThan(modified);
      assertThat(second.revision()).isEqualTo(before + 3);
    }
  }
}
