package io.kubekv.consul;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A door on a port of its own, over a store of the test's. */
final class ConsulUnderTest implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final WatchHub hub;
  private final ConsulDialect door;
  private final HttpListener listener;

  ConsulUnderTest(KeyValueStore store) {
    this(store, new Budgets(ClientLimits.DEFAULT, Integer.MAX_VALUE));
  }

  /**
   * @param budgets what clients may take
   */
  ConsulUnderTest(KeyValueStore store, Budgets budgets) {
    hub = WatchHub.open(store, Thread.ofVirtual().factory());
    door = new ConsulDialect(store, hub, ConsulSettings.DEFAULT, threads);
    try {
      listener =
          HttpListener.startApart("127.0.0.1", 0, HttpLimits.DEFAULT, door, threads, budgets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WatchHub hub() {
    return hub;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
  }

  RawHttp connect() throws IOException {
    return new RawHttp(address());
  }

  @Override
  public void close() {
    listener.close();
    hub.close();
    door.close();
    threads.close();
  }
}
