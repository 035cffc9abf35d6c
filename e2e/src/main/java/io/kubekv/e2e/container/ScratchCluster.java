package io.kubekv.e2e.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.MountableFile;

/** etcd and kube-apiserver, each in an image that holds nothing but the program: no registry. */
final class ScratchCluster implements RunningCluster {
  private static final int ETCD_PORT = 2379;
  private static final int API_PORT = 6443;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Network network;
  private final GenericContainer<?> etcd;
  private final GenericContainer<?> api;

  private ScratchCluster(Network network, GenericContainer<?> etcd, GenericContainer<?> api) {
    this.network = network;
    this.etcd = etcd;
    this.api = api;
  }

  /**
   * Blocks until it is ready.
   *
   * @param flags for kube-apiserver: it finds etcd at {@code http://etcd:2379}, the folder at
   *     {@code /pki}, and is to listen at port 6443 of every address
   */
  static ScratchCluster start(
      Path etcdProgram, Path apiProgram, Path certificates, List<String> flags) {
    Network network = Network.newNetwork();
    ScratchCluster cluster =
        new ScratchCluster(
            network, etcd(etcdProgram, network), api(apiProgram, network, certificates, flags));
    try {
      cluster.etcd.start();
      cluster.api.start();
      return cluster;
    } catch (RuntimeException failure) {
      cluster.close();
      throw failure;
    }
  }

  // It forgets everything at its end, so it need not sync.
  private static GenericContainer<?> etcd(Path program, Network network) {
    return new GenericContainer<>(image(program))
        .withNetwork(network)
        .withNetworkAliases("etcd")
        .withExposedPorts(ETCD_PORT)
        .withCommand(
            "--data-dir=/data",
            "--listen-client-urls=http://0.0.0.0:" + ETCD_PORT,
            "--advertise-client-urls=http://etcd:" + ETCD_PORT,
            "--log-level=warn",
            "--unsafe-no-fsync")
        .waitingFor(Wait.forHttp("/health").forPort(ETCD_PORT).withStartupTimeout(PATIENCE));
  }

  private static GenericContainer<?> api(
      Path program, Network network, Path certificates, List<String> flags) {
    return new GenericContainer<>(image(program))
        .withNetwork(network)
        .withExposedPorts(API_PORT)
        .withCopyFileToContainer(MountableFile.forHostPath(certificates), "/pki")
        .withCommand(flags.toArray(String[]::new))
        .waitingFor(
            Wait.forHttps("/readyz")
                .forPort(API_PORT)
                .allowInsecure()
                .withStartupTimeout(PATIENCE));
  }

  private static ImageFromDockerfile image(Path program) {
    return new ImageFromDockerfile()
        .withFileFromPath("program", program)
        .withDockerfileFromBuilder(
            file ->
                file.from("scratch")
                    .copy("program", "/program")
                    .entryPoint(new String[] {"/program"})); // one string would need a shell
  }

  @Override
  public String host() {
    return api.getHost();
  }

  @Override
  public int port() {
    return api.getMappedPort(API_PORT);
  }

  @Override
  public void close() {
    api.stop();
    etcd.stop();
    network.close();
  }
}
