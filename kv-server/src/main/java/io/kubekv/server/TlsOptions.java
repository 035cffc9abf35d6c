package io.kubekv.server;

import io.kubekv.transport.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for TLS, named as etcd's are. */
final class TlsOptions {
  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      description =
          "Speak TLS at every door and to the other replicas, with this certificate (PEM). Read"
              + " again when it changes.")
  @Nullable Path certificate;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "The key of the certificate (PEM, without a password).")
  @Nullable Path key;

  @Option(
      names = "--trusted-ca-file",
      paramLabel = "FILE",
      description = "Who vouches for clients and for the other replicas (PEM).")
  @Nullable Path authority;

  @Option(
      names = "--client-cert-auth",
      description = "Let only clients in that show a certificate of --trusted-ca-file.")
  boolean clientsMust;

  @Option(
      names = "--replica-name",
      paramLabel = "NAME",
      description = "The name in the certificates of all replicas (the host of each).")
  @Nullable String replicaName;

  /** Empty for plain text. */
  Optional<TlsFiles> files() {
    if (certificate == null || key == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TlsFiles(
            certificate,
            key,
            Optional.ofNullable(authority),
            clientsMust,
            Optional.ofNullable(replicaName)));
  }
}
