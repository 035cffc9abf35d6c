package io.kubekv.server.cli;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.client.RemoteStore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a verb talks to. */
final class ServerOptions {
  private static final String DEFAULT = "127.0.0.1:2390";
  private static final String VARIABLE = "KUBEKV_SERVER";
  private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+)]?:(\\d{1,5})");
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

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

  /** The store there; does not wait for a connection. */
  RemoteStore connect(Map<String, String> environment) {
    return connect(environment, timeout);
  }

  /** The same with calls that may take longer. */
  RemoteStore connect(Map<String, String> environment, Duration callTimeout) {
    String text = address(environment);
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65535) {
      throw new IllegalArgumentException(
          "'" + text + "' is not HOST:PORT: see --server and " + VARIABLE);
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(parts.group(1), Integer.parseInt(parts.group(2)))
            .usePlaintext()
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .userAgent("kubekv-cli")
            .build();
    return RemoteStore.over(channel, callTimeout);
  }
}
