package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
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
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
    Await.change(rig.store().put(PutRequest.of(Key.of(key), Bytes.EMPTY)));
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
  void changes_connectionBreaksWithinARevision_neitherRepeatNorSkip()
      throws IOException, InterruptedException {
    try (ClientRig whole = new ClientRig(EngineStore.inMemory(EngineSettings.DEFAULT));
        Changes changes = whole.client().watch(ALL)) {
      for (int round = 0; round < 5; round++) {
        transact(whole.store(), "first" + round);
        for (int i = 0; i < TransactionRequest.MAX_OPERATIONS; i++) {
          assertThat(nextKey(changes)).isEqualTo("first" + round + "/" + i);
          assertThat(changes.isWithinRevision())
              .isEqualTo(i < TransactionRequest.MAX_OPERATIONS - 1);
          if (i == round * 10) {
            whole.proxy().cut();
          }
        }
        Await.change(whole.store().put(PutRequest.of(Key.of("then" + round), Bytes.EMPTY)));
        assertThat(nextKey(changes)).isEqualTo("then" + round);
      }
    }
  }

  /** Puts as many keys as a transaction can, more than are sent ahead. */
  private static void transact(KeyValueStore store, String directory) {
    List<TransactionOperation> puts =
        IntStream.range(0, TransactionRequest.MAX_OPERATIONS)
            .mapToObj(i -> PutRequest.of(Key.of(directory + "/" + i), Bytes.EMPTY))
            .<TransactionOperation>map(TransactionOperation.Put::new)
            .toList();
    assertThat(Await.change(store.transact(TransactionRequest.of(puts))))
        .isInstanceOf(TransactionOutcome.Committed.class);
  }

  private static String nextKey(Changes changes) throws InterruptedException {
    Optional<WatchEvent> event = changes.next(ClientRig.PATIENCE);
    while (event.isPresent() && event.get() instanceof WatchEvent.Progress) {
      event = changes.next(ClientRig.PATIENCE);
    }
    return ((WatchEvent.Put) event.orElseThrow()).entry().key().text();
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
