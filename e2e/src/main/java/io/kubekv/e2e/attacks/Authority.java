package io.kubekv.e2e.attacks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Signs certificates with openssl, whose files are in a folder of its own. */
final class Authority {
  private static final char[] PASSWORD = "attacks".toCharArray();

  private final Path folder;

  private Authority(Path folder) {
    this.folder = folder;
  }

  /** Makes its key and certificate. */
  static Authority make(Path folder) throws IOException {
    Files.createDirectories(folder);
    Authority authority = new Authority(folder);
    authority.request("ca", "/CN=authority", List.of("-x509", "-days", "2"));
    return authority;
  }

  /** Its certificate, PEM. */
  Path certificate() {
    return folder.resolve("ca.crt");
  }

  /** The certificate that it signed for this name, PEM. */
  Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  /** The key of that, PEM. */
  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  /** Signs for 127.0.0.1. */
  void sign(String name) throws IOException {
    request(name, "/CN=" + name, List.of());
    Path extensions = folder.resolve("extensions");
    Files.writeString(extensions, "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    List<String> words = new ArrayList<>(List.of("openssl", "x509", "-req", "-days", "2"));
    words.addAll(List.of("-in", folder.resolve(name + ".csr").toString()));
    words.addAll(List.of("-CA", certificate().toString(), "-CAkey", key("ca").toString()));
    words.addAll(List.of("-CAcreateserial", "-extfile", extensions.toString()));
    words.addAll(List.of("-out", certificate(name).toString()));
    run(words);
  }

  private void request(String name, String subject, List<String> further) throws IOException {
    List<String> words = new ArrayList<>(List.of("openssl", "req", "-nodes", "-newkey", "ec"));
    words.addAll(List.of("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", subject));
    words.addAll(List.of("-keyout", key(name).toString()));
    words.addAll(
        List.of("-out", folder.resolve(name + (further.isEmpty() ? ".csr" : ".crt")) + ""));
    words.addAll(further);
    run(words);
  }

  /**
   * Who trusts the authority of that certificate, and shows what this one signed for that name.
   *
   * @param version of TLS
   */
  SSLContext context(String name, Path trusted, String version) throws IOException {
    Path file = folder.resolve(name + ".p12");
    List<String> words = new ArrayList<>(List.of("openssl", "pkcs12", "-export"));
    words.addAll(List.of("-in", certificate(name).toString(), "-inkey", key(name).toString()));
    words.addAll(List.of("-passout", "pass:" + new String(PASSWORD), "-out", file.toString()));
    run(words);
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(in, PASSWORD);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, PASSWORD);
      SSLContext context = SSLContext.getInstance(version);
      context.init(keys.getKeyManagers(), trust(trusted).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("the certificate cannot be used", failure);
    }
  }

  /** Who trusts the authority of this certificate, and shows nothing. */
  static SSLContext trusting(Path certificate) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(certificate).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("the certificate cannot be used", failure);
    }
  }

  private static TrustManagerFactory trust(Path certificate)
      throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(certificate)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
      managers.init(trusted);
      return managers;
    }
  }

  /** Runs a command that ends by itself; what it said, or an exception that says it. */
  static String run(List<String> words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", words) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return said;
  }
}
