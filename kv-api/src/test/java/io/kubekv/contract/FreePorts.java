package io.kubekv.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback ports for servers whose port must be known before they start. They lie below those that
 * systems give to outgoing connections: one of those would take the port before it is bound.
 */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int LAST = 30_000;
  private static final int ATTEMPTS = 100;

  /** Each port is given once in a round: two servers that start together never get the same. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST - FIRST));

  private FreePorts() {}

  /** Returns a port of 127.0.0.1 on which nobody listens. */
  public static int next() {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST - FIRST);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new UncheckedIOException("no free port from " + FIRST + " to " + LAST, last);
  }
}
