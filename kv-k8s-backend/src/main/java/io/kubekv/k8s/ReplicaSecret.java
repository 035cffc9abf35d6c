package io.kubekv.k8s;

import java.security.SecureRandom;
import java.util.Base64;

/** What only those know who may read the Lease while a process holds it; another in every run. */
final class ReplicaSecret {
  /** Where a holder tells it. */
  static final String ANNOTATION = "kubekv.io/replica-secret";

  private static final int BYTES = 32;

  private ReplicaSecret() {}

  /** A new one, of letters that metadata of gRPC may have. */
  static String next() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
