package io.kubekv.etcdv2;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.http.HostWhitelist;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.WebGuard;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/** A door on a port of its own, over a store of the test's. */
final class DoorUnderTest implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final WatchHub hub;
  private final HttpListener listener;

  DoorUnderTest(KeyValueStore store) {
    this(store, EtcdV2Settings.DEFAULT);
  }

  DoorUnderTest(KeyValueStore store, EtcdV2Settings settings) {
    this(store, hub -> new EtcdV2Dialect(store, hub, settings, InstantSource.system()));
  }

  /** The door of one of several members. */
  DoorUnderTest(KeyValueStore store, Supplier<List<EtcdMember>> members) {
    this(
        store,
        hub ->
            new EtcdV2Dialect(store, hub, EtcdV2Settings.DEFAULT, members, InstantSource.system()));
  }

  private DoorUnderTest(KeyValueStore store, Function<WatchHub, EtcdV2Dialect> opening) {
    hub = WatchHub.open(store, Thread.ofVirtual().factory());
    EtcdV2Dialect door = opening.apply(hub);
    try {
      // as etcd, which allows all origins and names if nobody says otherwise
      WebGuard open = new WebGuard(door, HostWhitelist.ANY, List.of("*"), List.of("*"));
      listener = HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, open, threads);
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
