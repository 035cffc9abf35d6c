package io.kubekv.e2e.alerts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of 127.0.0.1 that signs itself, and its key, as PEM files. */
record TlsPair(Path certificate, Path key) {
  /**
   * Makes one with openssl, in the place of a former one.
   *
   * @param days how long it is good
   */
  static TlsPair make(Path folder, int days) throws IOException {
    TlsPair pair = new TlsPair(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=kubekv",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-days",
                Integer.toString(days),
                "-out",
                pair.certificate().toString(),
                "-keyout",
                pair.key().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (openssl.waitFor() != 0) {
        throw new IOException("openssl makes no certificate: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return pair;
  }

  /** Trusts it alone. */
  SSLContext trust() throws IOException {
    try (InputStream pem = Files.newInputStream(certificate)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "own", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("the certificate cannot be used", failure);
    }
  }
}
