package io.kubekv.zookeeper;

import io.kubekv.KeyValueStore;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.DoorStore;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.WebRules;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.ops.OpsPages;
import io.kubekv.transport.ops.Workers;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** The door over a store in memory. */
final class DoorUnderTest implements Side {
  private static final ZooKeeperDoor.Settings SETTINGS =
      new ZooKeeperDoor.Settings(Duration.ofSeconds(3), Set.of("srvr", "ruok", "isro"));

  /** What one client may leave untaken. */
  static final int MOST_UNSENT = 4 << 20;

  private final KeyValueStore inner = EngineStore.inMemory();
  private final KeyValueStore store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoop loop = new EventLoop();
  private final Metrics metrics = new Metrics("test");
  private final Unsent unsent = new Unsent(2L * MOST_UNSENT, MOST_UNSENT);
  private final Budgets budgets;
  private final WatchHub hub;
  private final OpenDoor door;

  private DoorUnderTest(
      Optional<Gate> gate,
      UnaryOperator<KeyValueStore> around,
      ZooKeeperDoor.Settings settings,
      HttpLimits limits)
      throws IOException {
    store = around.apply(inner);
    budgets = new Budgets(ClientLimits.DEFAULT, 50_000, 64 << 20, unsent);
    hub = WatchHub.open(store, Thread.ofVirtual().factory());
    DoorContext context =
        new DoorContext(
            threads,
            loop,
            Optional.empty(),
            gate,
            metrics,
            Tracer.NONE,
            limits,
            GrpcSettings.DEFAULT,
            WebRules.NONE,
            new DoorStore(
                store,
                hub,
                budgets,
                64 << 20,
                new StoreBound(store, Long.MAX_VALUE, budgets.hits())));
    door = new ZooKeeperDoor(new ListenAddress("127.0.0.1", 0), settings).open(context);
  }

  static DoorUnderTest open() {
    return open(Optional.empty());
  }

  static DoorUnderTest open(Optional<Gate> gate) {
    try {
      return new DoorUnderTest(gate, UnaryOperator.identity(), SETTINGS, HttpLimits.DEFAULT);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Over what stands around a store, with ticks and limits of its own. */
  static DoorUnderTest open(UnaryOperator<KeyValueStore> around, Duration tick, HttpLimits limits) {
    try {
      return new DoorUnderTest(
          Optional.empty(), around, new ZooKeeperDoor.Settings(tick, Set.of("srvr")), limits);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** With words of its own. */
  static DoorUnderTest answering(String... words) {
    try {
      return new DoorUnderTest(
          Optional.empty(),
          UnaryOperator.identity(),
          new ZooKeeperDoor.Settings(Duration.ofSeconds(3), Set.of(words)),
          HttpLimits.DEFAULT);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** What it shows on the operations port, on a port of its own. */
  HttpListener operations() throws IOException {
    OpsPages pages = new OpsPages(store, metrics, new Workers(), () -> "", door.pages(), budgets);
    return HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, pages, threads);
  }

  KeyValueStore store() {
    return store;
  }

  Unsent unsent() {
    return unsent;
  }

  Metrics metrics() {
    return metrics;
  }

  @Override
  public int port() {
    return door.port();
  }

  @Override
  public void close() {
    door.close();
    hub.close();
    budgets.close();
    loop.close();
    metrics.close();
    inner.close();
    threads.close();
  }
}
