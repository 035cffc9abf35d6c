package io.kubekv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.client.Changes;
import io.kubekv.client.KubekvClient;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.v1.KeyValueGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client's watch over connections that break. */
class ClientWatchTest {
  private static final WatchRequest ALL = WatchRequest.fromNow(Range.all());

  private final ClientRig rig =
      new ClientRig(EngineStore.inMemory(EngineSettings.DEFAULT.withHistoryBytes(16 << 10)));
  private final KubekvClient client = rig.client();

  ClientWatchTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  private void put(String key) {
    rig.store().put(PutRequest.of(Key.of(key), Bytes.EMPTY));
  }

  private static String nextKey(Iterator<WatchEvent> events) {
    while (true) {
      if (events.next() instanceof WatchEvent.Put put) {
        return put.entry().key().text();
      }
    }
  }

  @Test
  void changes_connectionBreaks_goOnAfterTheLast() {
    try (Changes changes = client.watch(ALL)) {
      Iterator<WatchEvent> events = changes.iterator();
      for (int round = 0; round < 5; round++) {
        put("before" + round);
        assertThat(nextKey(events)).isEqualTo("before" + round);
        rig.proxy().cut();
        put("after" + round);
        assertThat(nextKey(events)).isEqualTo("after" + round);
      }
    }
  }

  @Test
  @Timeout(60)
  void changes_connectionBreaksWithinARevision_neitherRepeatNorSkip() throws IOException {
    try (ClientRig pairs = new ClientRig(new PairedRevisions(EngineStore.inMemory()));
        Changes changes = pairs.client().watch(WatchRequest.from(Range.all(), new Revision(1)))) {
      Iterator<WatchEvent> events = changes.iterator();
      for (int round = 0; round < 6; round++) {
        pairs.store().put(PutRequest.of(Key.of("a" + round), Bytes.EMPTY));
        assertThat(nextKey(events)).isEqualTo("a" + round);
        if (round % 3 != 2) {
          pairs.proxy().cut();
        }
        pairs.store().put(PutRequest.of(Key.of("b" + round), Bytes.EMPTY));
        assertThat(nextKey(events)).isEqualTo("b" + round);
        if (round % 3 != 1) {
          pairs.proxy().cut();
        }
      }
    }
  }

  @Test
  void changes_serverNotReady_goOnWhenItIs() {
    UnavailableException notReady = new UnavailableException("not ready");
    try (Changes changes = client.watch(ALL)) {
      rig.script().refuseNext(KeyValueGrpc.getWatchMethod(), 2, notReady);
      rig.proxy().cut();
      put("k");
      assertThat(nextKey(changes.iterator())).isEqualTo("k");
    }
  }

  @Test
  void watch_serverNotReady_beginsWhenItIs() {
    UnavailableException notReady = new UnavailableException("not ready");
    rig.script().refuseNext(KeyValueGrpc.getWatchMethod(), 3, notReady);
    try (Changes changes = client.watch(ALL)) {
      put("k");
      assertThat(nextKey(changes.iterator())).isEqualTo("k");
    }
  }

  @Test
  void watch_noAnswer_failsAtItsDeadline() {
    rig.script().ignoreNext(KeyValueGrpc.getWatchMethod());
    KubekvClient hurried = client.withDeadline(Duration.ofMillis(500));
    long begun = System.nanoTime();
    assertThatThrownBy(() -> hurried.watch(ALL)).isInstanceOf(UnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ClientRig.PATIENCE);
  }

  @Test
  void changes_historyGone_isTheLast() {
    try (Changes changes = client.watch(ALL)) {
      put("seen");
      Iterator<WatchEvent> events = changes.iterator();
      assertThat(nextKey(events)).isEqualTo("seen");
      rig.proxy().setReachable(false);
      IntStream.range(0, 1000).forEach(i -> put("missed" + i));
      rig.proxy().setReachable(true);
      List<WatchEvent> rest = rest(events);
      assertThat(rest.getLast()).isInstanceOf(WatchEvent.HistoryGone.class);
      assertThat(events.hasNext()).isFalse();
    }
  }

  private static List<WatchEvent> rest(Iterator<WatchEvent> events) {
    List<WatchEvent> rest = new ArrayList<>();
    events.forEachRemaining(rest::add);
    return rest;
  }

  @Test
  void close_endsAWaitingIteration() throws Exception {
    Changes changes = client.watch(ALL);
    FutureTask<List<WatchEvent>> reading = new FutureTask<>(() -> rest(changes.iterator()));
    Thread.ofVirtual().start(reading);
    changes.close();
    assertThat(reading.get(ClientRig.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .noneMatch(WatchEvent.Put.class::isInstance);
  }
}
