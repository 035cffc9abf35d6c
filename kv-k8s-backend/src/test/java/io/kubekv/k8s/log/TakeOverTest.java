package io.kubekv.k8s.log;

import static io.kubekv.k8s.log.EngineHarness.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import io.kubekv.UnavailableException;
import io.kubekv.embedded.Faults;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two replicas on one API, and a holder whose snapshots do not come through. */
class TakeOverTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SLOTS = 16;

  private final LogOnServer server = new LogOnServer(SLOTS);
  private final List<EngineStore> stores = new ArrayList<>();

  @AfterEach
  void close() {
    stores.forEach(EngineStore::close);
    server.close();
  }

  private EngineStore open() {
    EngineStore store =
        EngineHarness.open(server, EngineSettings.DEFAULT.withPatience(Duration.ofSeconds(30)));
    stores.add(store);
    return store;
  }

  private static PutRequest numbered(int number) {
    return PutRequest.of(Key.of("key" + number), Bytes.utf8("value" + number));
  }

  private static boolean has(EngineStore store, int number) {
    return Await.read(store.get(Key.of("key" + number), Freshness.LINEARIZABLE))
        .entry()
        .isPresent();
  }

  @Test
  void nextHolder_hasAllThatWasAcknowledged_andGoesOn() {
    EngineStore first = open();
    awaitReady(first);
    EngineStore second = open();
    for (int i = 0; i < 40; i++) {
      var unused = Await.change(first.put(numbered(i)));
    }
    assertThat(second.status().ready()).isFalse();

    first.close();

    awaitReady(second);
    var unused = Await.change(second.put(numbered(40)));
    for (int i = 0; i <= 40; i++) {
      assertThat(has(second, i)).isTrue();
    }
  }

  @Test
  void manyHandOvers_loseNothing() {
    for (int round = 0; round < 4; round++) {
      EngineStore holder = open();
      awaitReady(holder);
      for (int i = 0; i < 10; i++) {
        var unused = Await.change(holder.put(numbered(round * 10 + i)));
      }
      holder.close();
    }

    EngineStore last = open();
    awaitReady(last);
    for (int i = 0; i < 40; i++) {
      assertThat(has(last, i)).isTrue();
    }
  }

  @Test
  void fullRing_refusesWhileTheSnapshotIsSlow_andGoesOnAfterIt() {
    EngineStore store = open();
    awaitReady(store);
    CompletableFuture<Void> written = new CompletableFuture<>();
    server
        .faults()
        .inject(
            call -> call.write() && call.path().contains("/storechunks"),
            new Faults.Fault.HoldRequest(written));
    List<Integer> acknowledged = new ArrayList<>();
    boolean refused = false;
    for (int i = 0; i < 4 * SLOTS && !refused; i++) {
      try {
        var unused = Await.change(store.put(numbered(i)));
        acknowledged.add(i);
      } catch (OverloadedException full) {
        refused = true;
      }
    }

    assertThat(refused).isTrue();
    assertThat(acknowledged).hasSizeBetween(SLOTS / 2, SLOTS);
    assertThat(has(store, acknowledged.size())).isFalse();
    written.complete(null);

    Awaitility.await()
        .atMost(SOON)
        .ignoreExceptionsMatching(
            failure ->
                failure instanceof OverloadedException
                    || failure instanceof OutcomeUnknownException
                    || failure instanceof UnavailableException)
        .untilAsserted(() -> assertThat(Await.change(store.put(numbered(1000)))).isNotNull());
    for (int number : acknowledged) {
      assertThat(has(store, number)).isTrue();
    }
  }
}
