package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** How a store is asked whether it serves. */
@FunctionalInterface
interface Readiness {
  Duration PATIENCE = Duration.ofSeconds(5);

  /** Whether it does; one that does not listen yet may be told by an exception. */
  boolean isReady(InetSocketAddress address) throws IOException;

  /** By a path that is answered by 200. */
  static Readiness http(String path) {
    return address -> {
      try (HttpConnection connection = HttpConnection.open(address)) {
        connection.readTimeout(PATIENCE);
        byte[] request = HttpConnection.request("GET", path, address, Map.of(), "");
        return connection.exchange(request).status() == 200;
      }
    };
  }

  /** By ZooKeeper's word of four letters, which a server that does not serve answers otherwise. */
  static boolean word(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket()) {
      int patience = (int) PATIENCE.toMillis();
      socket.connect(address, patience);
      socket.setSoTimeout(patience);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.UTF_8).startsWith("Zookeeper version: ");
    }
  }
}
