package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entrant that runs. Whoever made it closes it.
 *
 * @param clients how to open a client, by what it can be asked
 * @param consul where it speaks Consul's API
 * @param store its process and addresses; absent of {@link Entrant#RAW}
 * @param partList its processes, those that it shares with others too
 */
record Contestant(
    Entrant entrant,
    Map<Protocol, Client.Connector> clients,
    Optional<StoreProcess> store,
    Optional<InetSocketAddress> consul,
    PartList partList,
    AutoCloseable closing)
    implements AutoCloseable {

  /** Finds the processes; a restarted one has another number. */
  @FunctionalInterface
  interface PartList {
    List<ServerPart> now() throws IOException;
  }

  String name() {
    return entrant.label();
  }

  Client.Connector client(Protocol protocol) {
    return Optional.ofNullable(clients.get(protocol))
        .orElseThrow(
            () -> new IllegalStateException(name() + " does not speak the " + protocol.text()));
  }

  List<ServerPart> parts() throws IOException {
    return partList.now();
  }

  /** The same, and what is behind it is closed after it. */
  Contestant closingAfterwards(AutoCloseable behind) {
    AutoCloseable own = closing;
    return new Contestant(
        entrant,
        clients,
        store,
        consul,
        partList,
        () -> {
          try (behind) {
            own.close();
          }
        });
  }

  @Override
  public void close() throws IOException {
    try {
      closing.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(name() + " does not end", e);
    }
  }
}
