package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
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
      description = "Keep the store in this etcd v3 instead; all members, separated by commas.")
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
  @Nullable String userName;

  @Option(
      names = "--etcd-password-file",
      paramLabel = "FILE",
      description = "A file that holds the user's password.")
  @Nullable Path passwordFile;

  /** Empty when the keys are not to be in etcd. */
  Optional<ServerConfig.Etcd> backend(String namespace) {
    if (endpoints.isEmpty()) {
      return Optional.empty();
    }
    endpoints.forEach(endpoint -> ListenAddress.required("etcd", endpoint));
    return Optional.of(new ServerConfig.Etcd(List.copyOf(endpoints), tls(), user(), namespace));
  }

  private Optional<ServerConfig.EtcdTls> tls() {
    return authority == null && certificate == null
        ? Optional.empty()
        : Optional.of(
            new ServerConfig.EtcdTls(
                Optional.ofNullable(authority),
                Optional.ofNullable(certificate),
                Optional.ofNullable(key)));
  }

  private Optional<ServerConfig.EtcdUser> user() {
    if (userName == null || passwordFile == null) {
      return Optional.empty();
    }
    try {
      String password = Files.readString(passwordFile).strip();
      return Optional.of(new ServerConfig.EtcdUser(userName, password));
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read etcd-password-file " + passwordFile, unreadable);
    }
  }
}
