package io.kubekv.e2e.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** K3s in one container, from a registry. */
final class K3sCluster implements RunningCluster {
  private final K3sContainer container;

  private K3sCluster(K3sContainer container) {
    this.container = container;
  }

  /** Blocks until it is ready; writes an administrator's kubeconfig. */
  static K3sCluster start(Path kubeconfig, String image) throws IOException {
    K3sCluster cluster =
        new K3sCluster(
            new K3sContainer(
                DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s")));
    try {
      cluster.container.start();
      Files.writeString(kubeconfig, cluster.container.getKubeConfigYaml());
      return cluster;
    } catch (IOException | RuntimeException failure) {
      cluster.close();
      throw failure;
    }
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return container.getMappedPort(K3sContainer.KUBE_SECURE_PORT);
  }

  @Override
  public void close() {
    container.stop();
  }
}
