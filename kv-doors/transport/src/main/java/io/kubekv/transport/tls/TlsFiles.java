package io.kubekv.transport.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What TLS is made of, as PEM files.
 *
 * @param certificate our own, then those that vouch for it
 * @param key its private key, PKCS#8 without a password
 * @param authority who vouches for clients and for the other replicas; absent: clients show no
 *     certificate, and of the other replicas those are trusted whom the JDK trusts
 * @param clientsMust whether only clients with such a certificate are let in
 * @param replicaName the name in the certificates of all replicas; absent: each has its address
 */
public record TlsFiles(
    Path certificate,
    Path key,
    Optional<Path> authority,
    boolean clientsMust,
    Optional<String> replicaName) {
  public TlsFiles {
    if (clientsMust && authority.isEmpty()) {
      throw new IllegalArgumentException(
          "clients must show a certificate, but nobody is named who vouches for them");
    }
  }
}
