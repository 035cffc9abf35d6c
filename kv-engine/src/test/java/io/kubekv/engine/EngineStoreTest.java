package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EngineStoreTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static TransactionOperation put(String key) {
    return new TransactionOperation.Put(PutRequest.of(Key.of(key), Bytes.utf8("v")));
  }

  @Test
  void inRealTime_entryRunsOut_watchSeesItWithoutAnyCall() throws InterruptedException {
    try (EngineStore store = EngineStore.inMemory(EngineSettings.DEFAULT);
        Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      Await.change(
          store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY).withTimeToLive(Duration.ofMillis(50))));

      assertThat(watch.next(SOON)).get().isInstanceOf(WatchEvent.Progress.class);
      assertThat(watch.next(SOON)).get().isInstanceOf(WatchEvent.Put.class);
      assertThat(watch.next(SOON))
          .get()
          .isInstanceOfSatisfying(
              WatchEvent.Delete.class,
              delete -> assertThat(delete.cause()).isEqualTo(Cause.EXPIRE));
    }
  }

  @Test
  void historyAge_whatIsOlderIsForgottenWithoutAnyCall() {
    AtomicLong nanos = new AtomicLong();
    EngineSettings settings =
        EngineSettings.DEFAULT
            .withHolding(Duration.ofMillis(1))
            .withHistoryAge(Duration.ofHours(1))
            .withClocks(() -> Instant.EPOCH, nanos::get);
    try (EngineStore store = EngineStore.inMemory(settings)) {
      Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY)));
      Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY)));

      Awaitility.await()
          .atMost(SOON)
          .until(
              () -> {
                nanos.addAndGet(Duration.ofMinutes(10).toNanos());
                return store.status().oldest().equals(new Revision(4));
              });

      assertThat(Await.read(store.get(Key.of("a"), Freshness.LINEARIZABLE)).entry()).isPresent();
    }
  }

  @Test
  void compact_whatWasBeforeIsForgotten() {
    try (EngineStore store = EngineStore.inMemory(EngineSettings.DEFAULT)) {
      Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY)));
      Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY)));

      Await.change(store.compact(new Revision(2)));

      assertThat(store.status().oldest()).isEqualTo(new Revision(2));
      assertThat(store.at(new Revision(1))).isEmpty();
      assertThat(store.at(new Revision(2))).isPresent();
    }
  }

  @Test
  void inMemory_put_isAnsweredAtOnce() {
    try (EngineStore store = EngineStore.inMemory(EngineSettings.DEFAULT)) {
      CompletableFuture<PutOutcome> answer = store.put(PutRequest.of(Key.of("a"), Bytes.EMPTY));

      assertThat(answer).isCompleted();
    }
  }

  @Test
  void oldRevision_isReadAsItStood() {
    try (EngineStore store = EngineStore.inMemory(EngineSettings.DEFAULT.withHistoryBytes(6_000))) {
      Revision old = stored(store, "1");
      stored(store, "2");

      assertThat(store.at(old).flatMap(state -> state.get(Key.of("a"))))
          .map(entry -> entry.value().toText())
          .contains("1");
      assertThat(store.at(store.status().revision().next())).isEmpty();
      for (int i = 0; i < 100; i++) {
        stored(store, "3");
      }
      assertThat(store.at(old)).isEmpty();
    }
  }

  private static Revision stored(EngineStore store, String value) {
    PutOutcome put = Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.utf8(value))));
    return ((PutOutcome.Stored) put).revision();
  }

  @Test
  void transaction_ofAnyShape_hasOneRevision() {
    try (EngineStore store = EngineStore.inMemory(EngineSettings.DEFAULT)) {
      TransactionOutcome outcome =
          Await.change(store.transact(TransactionRequest.of(put("a"), put("b"), put("a"))));

      assertThat(((TransactionOutcome.Committed) outcome).results())
          .extracting(TransactionResult::revision)
          .containsOnly(new Revision(2));
      assertThat(store.status().revision()).isEqualTo(new Revision(2));
    }
  }
}
