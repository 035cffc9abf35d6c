package io.kubekv.server;

import io.kubekv.etcd.EtcdAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that put the keys into an etcd v3 instead of a Kubernetes API. */
final class EtcdOptions {
  @Option(
      names = "--etcd",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Keep the keys in this etcd v3 instead; all members, separated by commas.")
  List<String> endpoints = new ArrayList<>();

  @Option(
      names = "--etcd-ca",
      paramLabel = "FILE",
      description = "Speak TLS to etcd, and trust these certificates (PEM).")
  @Nullable Path authority;

  @Option(
      names = "--etcd-cert",
      paramLabel = "FILE",
      description = "Our certificate for etcd (PEM).")
  @Nullable Path certificate;

  @Option(
      names = "--etcd-key",
      paramLabel = "FILE",
      description = "The key of our certificate (PEM, PKCS#8).")
  @Nullable Path key;

  @Option(names = "--etcd-user", paramLabel = "NAME", description = "Our user name at etcd.")
  @Nullable String user;

  @Option(
      names = "--etcd-password-file",
      paramLabel = "FILE",
      description = "A file that holds the user's password.")
  @Nullable Path passwordFile;

  /** Empty when the keys are not to be in etcd. */
  Optional<EtcdAccess> access() {
    if (endpoints.isEmpty()) {
      refuseAlone();
      return Optional.empty();
    }
    return Optional.of(new EtcdAccess(endpoints, tls(), login()));
  }

  private void refuseAlone() {
    if (authority != null || certificate != null || key != null || user != null) {
      throw new IllegalArgumentException("etcd-ca, -cert, -key and -user need etcd=HOST:PORT");
    }
  }

  private Optional<EtcdAccess.Tls> tls() {
    return authority == null && certificate == null && key == null
        ? Optional.empty()
        : Optional.of(
            new EtcdAccess.Tls(
                Optional.ofNullable(authority),
                Optional.ofNullable(certificate),
                Optional.ofNullable(key)));
  }

  private Optional<EtcdAccess.Login> login() {
    if (user == null && passwordFile == null) {
      return Optional.empty();
    }
    if (user == null || passwordFile == null) {
      throw new IllegalArgumentException("etcd-user and etcd-password-file go together");
    }
    try {
      return Optional.of(new EtcdAccess.Login(user, Files.readString(passwordFile).strip()));
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read etcd-password-file " + passwordFile, unreadable);
    }
  }
}
