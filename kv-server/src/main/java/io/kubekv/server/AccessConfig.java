package io.kubekv.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what, and how it is known who asks.
 *
 * @param mode who decides; never {@link Mode#AlwaysAllow}
 * @param rbacFile the grants of {@link Mode#RBAC}
 * @param timeToLive for how long a decision is remembered
 * @param tokenReview whether the cluster is asked whose a token is
 * @param audiences whom a token may be for; empty: the API server
 * @param tokenFile tokens and their users
 * @param certificateField where a certificate names its user
 * @param anonymous whether clients without credentials are let in
 * @param audit where changes and refusals are written down
 */
record AccessConfig(
    Mode mode,
    Optional<Path> rbacFile,
    Duration timeToLive,
    boolean tokenReview,
    List<String> audiences,
    Optional<Path> tokenFile,
    CertificateField certificateField,
    boolean anonymous,
    Optional<Path> audit) {
  AccessConfig {
    audiences = List.copyOf(audiences);
  }

  /** As Kubernetes spells its own. */
  enum Mode {
    AlwaysAllow,
    Webhook,
    RBAC
  }

  /** As users type them. */
  enum CertificateField {
    subject,
    san
  }
}
