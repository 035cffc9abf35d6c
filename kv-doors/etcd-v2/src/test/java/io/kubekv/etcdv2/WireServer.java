package io.kubekv.etcdv2;

import io.kubekv.engine.EngineStore;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * What the wire suites talk to: the server at the system property {@code kubekv.wire.address}
 * (host:port), or else a door of our own over a store in memory. {@code kubekv.wire.etcd=true} says
 * that it is etcd 3.x itself, which does a few things differently; the suites then leave those out.
 */
final class WireServer {
  private static final InetSocketAddress ADDRESS =
      address(System.getProperty("kubekv.wire.address", ""));

  private WireServer() {}

  static InetSocketAddress address() {
    return ADDRESS;
  }

  static boolean isEtcd() {
    return Boolean.getBoolean("kubekv.wire.etcd");
  }

  private static InetSocketAddress address(String given) {
    if (given.isEmpty()) {
      return new DoorUnderTest(EngineStore.inMemory()).address();
    }
    int colon = given.lastIndexOf(':');
    return new InetSocketAddress(
        host(given.substring(0, colon)), Integer.parseInt(given.substring(colon + 1)));
  }

  private static InetAddress host(String name) {
    try {
      return InetAddress.getAllByName(name)[0];
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }
}
