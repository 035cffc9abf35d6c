package io.kubekv.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for who may do what, named as those of Kubernetes' own servers are. */
final class AccessOptions {
  @Option(
      names = "--authorization-mode",
      paramLabel = "MODE",
      description =
          "Who decides what a client may: AlwaysAllow, Webhook (the cluster, by"
              + " SubjectAccessReview) or RBAC (--authorization-rbac-file) (${DEFAULT-VALUE}).")
  AccessConfig.Mode mode = AccessConfig.Mode.AlwaysAllow;

  @Option(
      names = "--authorization-rbac-file",
      paramLabel = "FILE",
      description = "ClusterRoles and ClusterRoleBindings that decide. Read again when it changes.")
  @Nullable Path rbacFile;

  @Option(
      names = "--authorization-cache-ttl",
      paramLabel = "DURATION",
      description = "For how long a decision is remembered (10s).")
  Duration timeToLive = Duration.ofSeconds(10);

  @Option(
      names = "--authentication-token-webhook",
      description = "Ask the cluster whose a bearer token is, by TokenReview.")
  boolean tokenReview;

  @Option(
      names = "--api-audiences",
      paramLabel = "NAME",
      split = ",",
      description = "The audiences that a token may be for (those of the API server).")
  List<String> audiences = new ArrayList<>();

  @Option(
      names = "--token-auth-file",
      paramLabel = "FILE",
      description =
          "Bearer tokens: lines of token,user,uid,\"group1,group2\". Read again when it changes.")
  @Nullable Path tokenFile;

  @Option(
      names = "--client-cert-user",
      paramLabel = "FIELD",
      description =
          "Where a client's certificate names its user: subject (the common name; organizations"
              + " are groups) or san (${DEFAULT-VALUE}).")
  AccessConfig.CertificateField certificateField = AccessConfig.CertificateField.subject;

  @Option(
      names = "--anonymous-auth",
      description = "Let clients without credentials in, as user system:anonymous.")
  boolean anonymous;

  @Option(
      names = "--audit-log-path",
      paramLabel = "FILE",
      description = "Write down who changed what and who was refused, a line of JSON each.")
  @Nullable Path audit;

  @Option(
      names = "--replica-token-file",
      paramLabel = "FILE",
      description = "The bearer token by which the store's other replicas know this one.")
  @Nullable Path replicaToken;

  /**
   * What was given; empty when nobody is asked who they are.
   *
   * @param secured whether clients can show certificates
   */
  Optional<AccessConfig> config(boolean secured) {
    if (mode == AccessConfig.Mode.AlwaysAllow) {
      return Optional.empty();
    }
    if (!secured && !tokenReview && tokenFile == null && !anonymous) {
      throw new IllegalArgumentException(
          "nobody could be known: give trusted-ca-file, authentication-token-webhook,"
              + " token-auth-file or anonymous-auth");
    }
    if (!timeToLive.isPositive()) {
      throw new IllegalArgumentException("authorization-cache-ttl is not positive");
    }
    return Optional.of(
        new AccessConfig(
            mode,
            Optional.ofNullable(rbacFile),
            timeToLive,
            tokenReview,
            audiences,
            Optional.ofNullable(tokenFile),
            certificateField,
            anonymous,
            Optional.ofNullable(audit)));
  }
}
