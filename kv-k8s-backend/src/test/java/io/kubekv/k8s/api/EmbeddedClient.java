package io.kubekv.k8s.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.embedded.EmbeddedApiServer;
import java.io.IOException;
import java.nio.file.Files;

/** Clients of an embedded API server that are set up as those of {@code serve} on a cluster. */
public final class EmbeddedClient {
  private EmbeddedClient() {}

  /** A new client, which the caller closes. */
  public static KubernetesClient of(EmbeddedApiServer server) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(server.kubeconfig()));
    config.setRequestRetryBackoffLimit(0);
    config.setOnlyHttpWatches(true);
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
