package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.KeyValueStore;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.server.Parts.Part;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.ops.OpsPages;
import io.kubekv.transport.ops.Workers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorsTest {
  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private final KeyValueStore store = EngineStore.inMemory();
  private final DoorsUnderTest rig = new DoorsUnderTest(store, Optional.empty());
  private final Doors doors = rig.doors();

  @AfterEach
  void close() {
    rig.close();
    store.close();
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
    URI pages =
        URI.create(
            doors.ops(
                FREE,
                new OpsPages(
                    store,
                    rig.metrics(),
                    new Workers(),
                    () -> "",
                    Map.of(),
                    rig.context().budgets())));
    rig.loop()
        .netty()
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

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void http_connections_areCountedByDoor() throws IOException {
    var unused = doors.open(new EtcdV2Door(FREE, List.of(), DoorsUnderTest::member));
    unused = doors.open(new ConsulDoor(FREE, "node"));

    assertThat(rig.metrics().page())
        .contains("kubekv_connections{door=\"etcd\"} 0.0")
        .contains("kubekv_connections{door=\"consul\"} 0.0")
        .contains("kubekv_connections_cut_total{door=\"etcd\"} 0.0")
        .contains("kubekv_connections_cut_total{door=\"consul\"} 0.0");
  }
}
