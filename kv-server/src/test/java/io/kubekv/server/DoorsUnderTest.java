package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.etcdv2.EtcdMember;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.decorator.StoreBound;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.DoorStore;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.watch.WatchHub;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What doors get, on a store of the test's; nothing is bounded more than it is or a test says. */
final class DoorsUnderTest implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoop loop = new EventLoop();
  private final Metrics metrics = new Metrics("test");
  private final Budgets budgets;
  private final WatchHub hub;
  private final DoorContext context;
  private final Doors doors;

  DoorsUnderTest(KeyValueStore store, Optional<Gate> gate) {
    this(store, gate, Optional.empty(), ClientLimits.DEFAULT);
  }

  /**
   * As above.
   *
   * @param tls whose certificate is shown; absent: plain text
   * @param client what each may take
   */
  DoorsUnderTest(
      KeyValueStore store, Optional<Gate> gate, Optional<Certificates> tls, ClientLimits client) {
    budgets = new Budgets(client, LimitsConfig.DEFAULT.watches());
    hub = WatchHub.open(store, Thread.ofVirtual().factory());
    context =
        new DoorContext(
            threads,
            loop,
            tls,
            gate,
            metrics,
            Tracer.NONE,
            LimitsConfig.DEFAULT.http(),
            LimitsConfig.DEFAULT.grpc(),
            DoorsConfig.DEFAULT.web(),
            new DoorStore(
                store,
                hub,
                budgets,
                LimitsConfig.DEFAULT.listBytes(),
                new StoreBound(store, Long.MAX_VALUE, budgets.hits())));
    doors = new Doors(context);
  }

  /** One of etcd, alone. */
  static List<EtcdMember> member() {
    return List.of(new EtcdMember(1, "kubekv", List.of(), true, true));
  }

  Doors doors() {
    return doors;
  }

  DoorContext context() {
    return context;
  }

  EventLoop loop() {
    return loop;
  }

  Metrics metrics() {
    return metrics;
  }

  @Override
  public void close() {
    doors.close();
    hub.close();
    budgets.close();
    loop.close();
    metrics.close();
    threads.close();
  }
}
