package io.kubekv.transport.tls;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Certificates and keys as PEM. */
final class Pem {
  private static final byte[] PROBE = "whose key is this?".getBytes(StandardCharsets.US_ASCII);

  private Pem() {}

  /** All of a text, at least one. */
  static X509Certificate[] certificates(String text) throws GeneralSecurityException {
    X509Certificate[] found = CertificateUtils.getX509Certificates(bytes(text));
    if (found.length == 0) {
      throw new GeneralSecurityException("there is no certificate");
    }
    return found;
  }

  static PrivateKey key(String text) throws IOException, GeneralSecurityException {
    String key = TraditionalKey.asPkcs8(text).orElse(text);
    if (!key.contains("-----BEGIN PRIVATE KEY-----")) {
      throw new GeneralSecurityException(
          "there is no private key without a password: 'openssl pkcs8 -topk8 -nocrypt' makes one");
    }
    return CertificateUtils.getPrivateKey(bytes(key));
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether what the key signs is what the certificate vouches for. */
  static boolean belongTogether(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(PROBE);
    return signature.verify(signed);
  }
}
