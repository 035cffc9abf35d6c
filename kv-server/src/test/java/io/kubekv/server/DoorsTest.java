package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.KeyValueStore;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.etcdv2.EtcdV2Settings;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.ops.OpsPages;
import io.kubekv.transport.ops.Workers;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorsTest {
  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Metrics metrics = new Metrics("test");
  private final EventLoop loop = new EventLoop();
  private final Doors doors =
      new Doors(
          threads,
          metrics,
          Tracer.NONE,
          loop,
          Optional.empty(),
          Optional.empty(),
          DoorsConfig.DEFAULT,
          LimitsConfig.DEFAULT,
          LimitsConfig.DEFAULT.budgets());

  @AfterEach
  void close() {
    doors.close();
    loop.close();
    metrics.close();
    threads.close();
  }

  @Test
  void close_endsAllAtTheSameTime() {
    CyclicBarrier allEnding = new CyclicBarrier(3);
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      doors.add(
          new Part(
              "door " + i,
              () -> {
                allEnding.await(20, TimeUnit.SECONDS);
                ended.incrementAndGet();
              }));
    }

    doors.close();

    assertThat(ended).hasValue(3);
  }

  @Test
  void close_oneFails_endsTheOthers() {
    List<String> ended = new ArrayList<>();
    doors.add(
        new Part(
            "broken",
            () -> {
              throw new IOException("does not close");
            }));
    doors.add(new Part("other", () -> ended.add("other")));

    doors.close();

    assertThat(ended).containsExactly("other");
  }

  @Test
  void operationsPages_areAnswered_whileTheDoorsLoopIsBusy() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    try (KeyValueStore store = EngineStore.inMemory()) {
      URI pages =
          URI.create(doors.ops(FREE, new OpsPages(store, metrics, new Workers(), () -> "")));
      loop.netty()
          .execute(
              () -> {
                busy.countDown();
                awaitQuietly(answered);
              });
      busy.await();

      try (RawHttp http = new RawHttp(new InetSocketAddress(pages.getHost(), pages.getPort()))) {
        assertThat(http.request("GET", "/healthz", "").answer().body()).isEqualTo("ok\n");
      } finally {
        answered.countDown();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void http_connections_areCountedByDoor() throws IOException {
    try (KeyValueStore store = EngineStore.inMemory();
        WatchHub hub = WatchHub.open(store, Thread.ofVirtual().factory())) {
      EtcdV2Door door = new EtcdV2Door(store, hub, EtcdV2Settings.DEFAULT, InstantSource.system());
      doors.http("etcd", FREE, door, access -> door, List.of());
      doors.http("consul", FREE, door, access -> door, List.of());
    }

    assertThat(metrics.page())
        .contains("kubekv_connections{door=\"etcd\"} 0.0")
        .contains("kubekv_connections{door=\"consul\"} 0.0")
        .contains("kubekv_connections_cut_total{door=\"etcd\"} 0.0")
        .contains("kubekv_connections_cut_total{door=\"consul\"} 0.0");
  }
}
