package io.kubekv.server.cli;

import io.kubekv.client.KubekvClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a verb talks to. */
final class ServerOptions {
  private static final String DEFAULT = "127.0.0.1:2390";
  private static final String VARIABLE = "KUBEKV_SERVER";

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
      return KubekvClient.to(address(environment)).plaintext().deadline(callTimeout).connect();
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          wrong.getMessage() + "; see --server, " + VARIABLE + " and --timeout", wrong);
    }
  }
}
