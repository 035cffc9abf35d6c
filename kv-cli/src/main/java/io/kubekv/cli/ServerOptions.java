package io.kubekv.cli;

import io.kubekv.client.ClientBuilder;
import io.kubekv.client.KubekvClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a verb talks to. */
final class ServerOptions {
  private static final String DEFAULT = "127.0.0.1:2390";
  private static final String VARIABLE = "KUBEKV_SERVER";
  private static final String TOKEN = "KUBEKV_TOKEN";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "The server's gRPC address; also " + VARIABLE + " (" + DEFAULT + ").")
  @Nullable String address;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long one call may take (10s).")
  Duration timeout = Duration.ofSeconds(10);

  @Option(names = "--tls", description = "Speak TLS to it, and trust whom the JDK trusts.")
  boolean tls;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Speak TLS to it, and trust these certificates alone (PEM).")
  @Nullable Path authority;

  @Option(names = "--cert", paramLabel = "FILE", description = "Our certificate for it (PEM).")
  @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The key of our certificate (PEM, PKCS#8).")
  @Nullable Path key;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description = "The name in the server's certificate, when it is not its host.")
  @Nullable String serverName;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The bearer token that says who we are; also " + TOKEN + " itself.")
  @Nullable Path tokenFile;

  /** Where that is, as it was given. */
  String address(Map<String, String> environment) {
    return Objects.requireNonNullElseGet(
        address, () -> environment.getOrDefault(VARIABLE, DEFAULT));
  }

  /** A client of it; does not wait for a connection. */
  KubekvClient connect(Map<String, String> environment) {
    return connect(environment, timeout);
  }

  /** The same with calls that may take longer. */
  KubekvClient connect(Map<String, String> environment, Duration callTimeout) {
    try {
      String token = token(environment);
      return secured(KubekvClient.to(address(environment)))
          .deadline(callTimeout)
          .token(() -> token)
          .connect();
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          wrong.getMessage() + "; see --server, " + VARIABLE + ", --timeout and --cacert", wrong);
    }
  }

  private String token(Map<String, String> environment) {
    if (tokenFile == null) {
      return environment.getOrDefault(TOKEN, "");
    }
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot read the token " + tokenFile, unreadable);
    }
  }

  private ClientBuilder secured(ClientBuilder client) {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("--cert and --key go together");
    }
    if (!tls && authority == null && certificate == null) {
      return client.plaintext();
    }
    client.tls();
    Optional.ofNullable(authority).ifPresent(client::trust);
    if (certificate != null && key != null) {
      client.clientCertificate(certificate, key);
    }
    Optional.ofNullable(serverName).ifPresent(client::serverName);
    return client;
  }
}
