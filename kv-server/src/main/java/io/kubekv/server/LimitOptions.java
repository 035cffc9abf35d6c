package io.kubekv.server;

import io.kubekv.cli.terminal.ByteSize;
import io.kubekv.transport.limits.ClientLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options for what clients may take. A client is a user where clients say who they are, and an
 * address otherwise.
 */
final class LimitOptions {
  private static final LimitsConfig ALL = LimitsConfig.DEFAULT;
  private static final ClientLimits EACH = ClientLimits.DEFAULT;

  @Option(
      names = "--client-qps",
      paramLabel = "N",
      description =
          "Requests of one client in a second, a change counts as four; more wait for their"
              + " turn. 0: no limit"
              + " (${DEFAULT-VALUE}).")
  long qps = EACH.requestsPerSecond();

  @Option(
      names = "--client-burst",
      paramLabel = "N",
      description =
          "Requests that one client may make at once after a quiet time (${DEFAULT-VALUE}).")
  long burst = EACH.burst();

  @Option(
      names = "--client-bytes-per-second",
      paramLabel = "SIZE",
      description =
          "Bytes of one client's requests and their answers in a second, what is stored counts"
              + " eight times. 0: no limit"
              + " (${DEFAULT-VALUE}).")
  ByteSize bytes = new ByteSize(EACH.bytesPerSecond());

  @Option(
      names = "--client-requests-in-flight",
      paramLabel = "N",
      description = "Requests of one client that are answered at a time (${DEFAULT-VALUE}).")
  int inFlight = EACH.requestsInFlight();

  @Option(
      names = "--client-connections",
      paramLabel = "N",
      description = "Connections from one address, at one door (${DEFAULT-VALUE}).")
  int connectionsOfClient = ALL.connectionsOfClient();

  @Option(
      names = "--client-watches",
      paramLabel = "N",
      description = "Watches, blocking queries and locks of one client (${DEFAULT-VALUE}).")
  int watchesOfClient = EACH.watches();

  @Option(
      names = "--client-sessions",
      paramLabel = "N",
      description = "Sessions that one client has created and that still exist (${DEFAULT-VALUE}).")
  int sessions = EACH.sessions();

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Connections of all clients, at one door (${DEFAULT-VALUE}).")
  int connections = ALL.connections();

  @Option(
      names = "--max-watches",
      paramLabel = "N",
      description = "Watches, blocking queries and locks of all clients (${DEFAULT-VALUE}).")
  int watches = ALL.watches();

  @Option(
      names = "--max-list-bytes",
      paramLabel = "SIZE",
      description = "Keys and values in one answer of the etcd or Consul API (${DEFAULT-VALUE}).")
  ByteSize listBytes = new ByteSize(ALL.listBytes());

  @Option(
      names = "--max-store-bytes",
      paramLabel = "SIZE",
      description =
          "Memory for all keys, values and sessions, with 700 bytes for each beside its text. More"
              + " is refused (a quarter of the heap; an eighth with the API server inside).")
  @Nullable ByteSize storeBytes;

  /** What was given; requests wait for their turn as long as they wait for the store. */
  LimitsConfig config(Duration requestTimeout) {
    return new LimitsConfig(
        new ClientLimits(
            qps, burst, bytes.bytes(), inFlight, watchesOfClient, sessions, requestTimeout),
        watches,
        connections,
        connectionsOfClient,
        listBytes.bytes(),
        storeBytes == null ? LimitsConfig.SHARE_OF_HEAP : storeBytes.bytes());
  }
}
