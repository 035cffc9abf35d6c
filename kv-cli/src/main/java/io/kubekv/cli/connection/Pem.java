package io.kubekv.cli.connection;

/** Looks whether a PEM file can be what it is given as. The rest is told by the handshake. */
final class Pem {
  private Pem() {}

  /** Refuses a content with {@link IllegalArgumentException}. */
  interface Check {
    void check(String content);
  }

  static void requireCertificates(String content) {
    if (!content.contains("-----BEGIN CERTIFICATE-----")) {
      throw new IllegalArgumentException("the file has no certificate (PEM, BEGIN CERTIFICATE)");
    }
  }

  static void requireKey(String content) {
    if (content.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
      throw new IllegalArgumentException("encrypted private keys are not supported");
    }
    if (!content.contains("-----BEGIN PRIVATE KEY-----")) {
      throw new IllegalArgumentException(
          "the file has no private key in PKCS#8 (BEGIN PRIVATE KEY); openssl pkcs8 -topk8 -nocrypt"
              + " makes one of another");
    }
  }
}
