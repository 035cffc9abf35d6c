package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ports that the system chooses for doors which open later. Other replicas and clients are told of
 * them before that. On Linux each is bound until this is closed, and not listened on: nobody else
 * gets it, who connects is refused, and the door may listen there. Elsewhere a door could not, and
 * the port is let go at once. Not thread-safe.
 */
final class ChosenPorts implements AutoCloseable {
  private static final boolean BOUND = System.getProperty("os.name").equals("Linux");

  private final List<Socket> held = new ArrayList<>();

  /**
   * The same address with a port, where that was any.
   *
   * @throws IOException when there is none to be had
   */
  Optional<ListenAddress> of(Optional<ListenAddress> address) throws IOException {
    if (address.isEmpty() || address.get().port() != 0) {
      return address;
    }
    Socket socket = new Socket();
    held.add(socket);
    socket.setReuseAddress(true);
    socket.bind(address.get().socket());
    int port = socket.getLocalPort();
    if (!BOUND) {
      socket.close();
    }
    return Optional.of(new ListenAddress(address.get().host(), port));
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : held) {
      socket.close();
    }
  }
}
