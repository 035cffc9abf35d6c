package io.kubekv.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An empty store on a cluster: a namespace of its own, and an account with the rights that kubekv
 * needs there.
 *
 * @param kubeconfig the account's
 */
public record ClusterStore(String namespace, Path kubeconfig) {
  private static final String CLUSTER = "E2E_KUBECONFIG";

  /**
   * Whether the check runs on a cluster: {@code --kube} or {@code --kubeconfig} was given, and
   * {@code e2e/kube.d/substrate.sh} has exported {@code E2E_KUBECONFIG}.
   */
  public static boolean isWanted() {
    return System.getenv(CLUSTER) != null;
  }

  /** Makes one by {@code e2e/kube.d/new-store}; the shell that started this removes it. Blocks. */
  public static ClusterStore create() throws IOException {
    Path script = Repository.root().resolve("e2e/kube.d/new-store");
    Process process =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (exitCode(process) != 0) {
      throw new IOException(script + " failed with exit code " + process.exitValue());
    }
    List<String> words = List.of(said.strip().split(" ", 2));
    return new ClusterStore(words.getFirst(), Path.of(words.getLast()));
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What tells {@code kubekv serve} to use it. */
  List<String> flags() {
    return List.of("--kubeconfig", kubeconfig.toString(), "--namespace", namespace);
  }

  /** What a program needs that asks the API itself, as the account. Blocks, to read a file. */
  public Access access() throws IOException {
    JsonNode config = JsonMapper.shared().readTree(kubeconfig.toFile());
    JsonNode cluster = config.at("/clusters/0/cluster");
    URI server = URI.create(cluster.path("server").asString(""));
    return new Access(
        new InetSocketAddress(server.getHost(), server.getPort()),
        config.at("/users/0/user/token").asString(""),
        trust(Base64.getDecoder().decode(cluster.path("certificate-authority-data").asString(""))));
  }

  /**
   * The API server, whom to trust there, and what to say.
   *
   * @param token the account's, a secret
   */
  public record Access(InetSocketAddress server, String token, SSLContext trust) {}

  private static SSLContext trust(byte[] authority) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "authority",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(authority)));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the cluster's certificate authority cannot be used", e);
    }
  }
}
