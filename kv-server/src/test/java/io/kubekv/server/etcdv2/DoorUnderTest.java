package io.kubekv.server.etcdv2;

import io.kubekv.KeyValueStore;
import io.kubekv.server.http.HttpLimits;
import io.kubekv.server.http.HttpListener;
import io.kubekv.server.http.RawHttp;
import io.kubekv.server.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A door on a port of its own, over a store of the test's. */
final class DoorUnderTest implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final WatchHub hub;
  private final HttpListener listener;

  DoorUnderTest(KeyValueStore store) {
    this(store, EtcdV2Settings.DEFAULT);
  }

  DoorUnderTest(KeyValueStore store, EtcdV2Settings settings) {
    hub = WatchHub.open(store, Thread.ofVirtual().factory());
    EtcdV2Door door = new EtcdV2Door(store, hub, settings, InstantSource.system());
    try {
      listener = HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, door, threads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WatchHub hub() {
    return hub;
  }

  HttpListener listener() {
    return listener;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
  }

  RawHttp connect() throws IOException {
    return new RawHttp(address());
  }

  @Override
  public void close() {
    hub.close();
    listener.close();
    threads.close();
  }
}
