package io.kubekv.e2e.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Where a Kubernetes API is and how it lets one in: what a kubeconfig with a bearer token says.
 *
 * @param server without a slash at the end; may have a path
 * @param authority the certificate that the server's is signed by, as PEM; absent without TLS
 */
public record ApiAddress(URI server, String token, Optional<byte[]> authority) {

  /**
   * Reads the first cluster and the first user of a kubeconfig.
   *
   * @throws IOException when it cannot be read, or the user has no token
   */
  public static ApiAddress of(Path kubeconfig) throws IOException {
    Object root =
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(kubeconfig));
    Map<?, ?> cluster = first(root, "clusters", "cluster", kubeconfig);
    Map<?, ?> user = first(root, "users", "user", kubeconfig);
    if (!(user.get("token") instanceof String token)) {
      throw new IOException(kubeconfig + ": its first user has no token");
    }
    return new ApiAddress(
        URI.create(String.valueOf(cluster.get("server"))), token, authority(cluster));
  }

  private static Map<?, ?> first(Object root, String list, String name, Path file)
      throws IOException {
    if (root instanceof Map<?, ?> map
        && map.get(list) instanceof List<?> items
        && !items.isEmpty()
        && items.getFirst() instanceof Map<?, ?> item
        && item.get(name) instanceof Map<?, ?> found) {
      return found;
    }
    throw new IOException(file + " is no kubeconfig: it has no " + list + "[0]." + name);
  }

  private static Optional<byte[]> authority(Map<?, ?> cluster) throws IOException {
    if (cluster.get("certificate-authority-data") instanceof String data) {
      return Optional.of(Base64.getDecoder().decode(data));
    }
    if (cluster.get("certificate-authority") instanceof String file) {
      return Optional.of(Files.readAllBytes(Path.of(file)));
    }
    return Optional.empty();
  }

  /** Trusts the authority alone; the machine's own where the kubeconfig names none. */
  public SSLContext trust() throws IOException {
    if (authority.isEmpty()) {
      return defaultTrust();
    }
    try (InputStream pem = new ByteArrayInputStream(authority.get())) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("the API's certificate authority cannot be used", failure);
    }
  }

  private static SSLContext defaultTrust() throws IOException {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException failure) {
      throw new IOException("this Java has no TLS", failure);
    }
  }
}
