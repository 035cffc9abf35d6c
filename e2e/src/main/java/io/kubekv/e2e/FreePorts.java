package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Loopback ports that nobody listens on. Another program may take one before it is used; that shows
 * as a store that does not start.
 */
final class FreePorts {
  private FreePorts() {}

  static InetSocketAddress next() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
      return new InetSocketAddress(loopback, socket.getLocalPort());
    }
  }
}
