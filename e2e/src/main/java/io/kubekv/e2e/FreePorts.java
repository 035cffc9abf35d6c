package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback ports that nobody listens on, below those that systems give to outgoing connections: one
 * of those would take the port of a store while it is being restarted. Another program may take one
 * before it is used; that shows as a store that does not start.
 */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int LAST = 30_000;
  private static final int ATTEMPTS = 100;

  /** Each port is given once in a round: two that are asked for together are never the same. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST - FIRST));

  private FreePorts() {}

  public static InetSocketAddress next() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST - FIRST);
      try (ServerSocket socket = new ServerSocket(port, 1, loopback)) {
        return new InetSocketAddress(loopback, socket.getLocalPort());
      } catch (IOException taken) {
        // the next one, then
      }
    }
    throw new IOException("found no free port between " + FIRST + " and " + LAST);
  }
}
