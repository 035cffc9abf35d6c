package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the network adds to the contract: what is said of what is lost on it. */
class RemoteStoreTest {
  private static final Key KEY = Key.of("a");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RemoteHarness harness = new RemoteHarness(StoreSpec.DEFAULT);

  @AfterEach
  void close() {
    harness.close();
  }

  private KeyValueStore store() {
    return harness.store();
  }

  private static PutRequest put(String value) {
    return PutRequest.of(KEY, Bytes.utf8(value));
  }

  private Optional<String> value() {
    return Await.read(store().get(KEY, Freshness.LINEARIZABLE))
        .entry()
        .map(entry -> entry.value().toText());
  }

  private static WatchEvent next(Watch watch) throws InterruptedException {
    WatchEvent event = watch.next(PATIENCE).orElseThrow();
    while (event instanceof WatchEvent.Progress) {
      event = watch.next(PATIENCE).orElseThrow();
    }
    return event;
  }

  @Test
  void change_whoseAnswerIsLost_isUnknownAndApplied() {
    harness.loseNextAnswer();

    assertThatThrownBy(() -> Await.change(store().put(put("1"))))
        .isInstanceOf(OutcomeUnknownException.class);

    assertThat(value()).contains("1");
  }

  @Test
  void change_whoseRequestIsLost_isUnknownAndNotSentAgain() {
    harness.loseNextRequest();

    assertThatThrownBy(() -> Await.change(store().put(put("1"))))
        .isInstanceOf(OutcomeUnknownException.class);

    assertThat(value()).isEmpty();
  }

  @Test
  void change_thatNeverLeft_isUnavailable() {
    harness.makeUnavailable();
    harness.dropConnections();

    assertThatThrownBy(() -> Await.change(store().put(put("1"))))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void read_whoseConnectionBreaks_isSentAgain() {
    Await.change(store().put(put("1")));
    harness.loseNextRead();

    assertThat(value()).contains("1");
  }

  @Test
  void sessionCreation_whoseAnswerIsLost_isSentAgain() {
    SessionSpec spec = SessionSpec.random();
    harness.loseNextAnswer();

    assertThat(Await.change(store().sessions().create(spec)).spec()).isEqualTo(spec);

    assertThat(Await.read(store().sessions().list(Freshness.LINEARIZABLE)).sessions()).hasSize(1);
  }

  @Test
  void overLimit_isSaidWithoutSending() {
    harness.close();
    RemoteHarness small = new RemoteHarness(StoreSpec.DEFAULT.withLimits(new Limits(64, 10, 4, 6)));
    try (small) {
      small.makeUnavailable();

      assertThatThrownBy(() -> Await.change(small.store().put(put("more than ten bytes"))))
          .isInstanceOf(LimitExceededException.class);
    }
  }

  @Test
  void watch_whileNobodyCanBeReached_goesOnWhenSomebodyCan() throws InterruptedException {
    try (Watch watch = store().watch(WatchRequest.fromNow(Range.all()))) {
      Await.change(store().put(put("1")));
      assertThat(next(watch)).isInstanceOf(WatchEvent.Put.class);
      harness.makeUnavailable();
      assertThat(watch.next(Duration.ofMillis(300))).isEmpty();
      Await.change(harness.behind().put(put("2")));
      Await.change(harness.behind().put(put("3")));
      harness.heal();

      assertThat(((WatchEvent.Put) next(watch)).entry().value().toText()).isEqualTo("2");
      assertThat(((WatchEvent.Put) next(watch)).entry().value().toText()).isEqualTo("3");
    }
  }

  @Test
  void largeTree_isOneEvent() throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      Await.change(store().put(PutRequest.of(Key.of("a/" + i), Bytes.copyOf(new byte[20_000]))));
    }
    Await.change(store().put(put("top")));
    try (Watch watch = store().watch(WatchRequest.fromNow(Range.all()))) {
      Await.change(store().deleteRange(new Range.Tree(KEY)));

      WatchEvent.Delete delete = (WatchEvent.Delete) next(watch);
      assertThat(delete.below()).hasSize(40);
    }
  }

  @Test
  void watch_notReadForLong_holdsLittleAndMissesNothing() throws InterruptedException {
    try (Watch watch = store().watch(WatchRequest.fromNow(Range.all()))) {
      for (int i = 0; i < 500; i++) {
        Await.change(harness.behind().put(put(Integer.toString(i))));
      }

      for (int i = 0; i < 500; i++) {
        assertThat(((WatchEvent.Put) next(watch)).entry().value().toText())
            .isEqualTo(Integer.toString(i));
      }
    }
  }
}
