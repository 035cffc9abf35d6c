package io.kubekv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    return store().get(KEY, Freshness.LINEARIZABLE).entry().map(entry -> entry.value().toText());
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

    assertThatThrownBy(() -> store().put(put("1"))).isInstanceOf(OutcomeUnknownException.class);

    assertThat(value()).contains("1");
  }

  @Test
  void change_whoseRequestIsLost_isUnknownAndNotSentAgain() {
    harness.loseNextRequest();

    assertThatThrownBy(() -> store().put(put("1"))).isInstanceOf(OutcomeUnknownException.class);

    assertThat(value()).isEmpty();
  }

  @Test
  void change_thatNeverLeft_isUnavailable() {
    harness.makeUnavailable();
    harness.dropConnections();

    assertThatThrownBy(() -> store().put(put("1"))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void read_whoseConnectionBreaks_isSentAgain() {
    store().put(put("1"));
    harness.loseNextRead();

    assertThat(value()).contains("1");
  }

  @Test
  void sessionCreation_whoseAnswerIsLost_isSentAgain() {
    SessionSpec spec = SessionSpec.random();
    harness.loseNextAnswer();

    assertThat(store().sessions().create(spec).spec()).isEqualTo(spec);

    assertThat(store().sessions().list(Freshness.LINEARIZABLE).sessions()).hasSize(1);
  }

  @Test
  void overLimit_isSaidWithoutSending() {
    harness.close();
    RemoteHarness small = new RemoteHarness(StoreSpec.DEFAULT.withLimits(new Limits(64, 10, 4, 6)));
    try (small) {
      small.makeUnavailable();

      assertThatThrownBy(() -> small.store().put(put("more than ten bytes")))
          .isInstanceOf(LimitExceededException.class);
    }
  }

  @Test
  void watch_whileNobodyCanBeReached_goesOnWhenSomebodyCan() throws InterruptedException {
    try (Watch watch = store().watch(WatchRequest.fromNow(Range.all()))) {
      store().put(put("1"));
      assertThat(next(watch)).isInstanceOf(WatchEvent.Put.class);
      harness.makeUnavailable();
      assertThat(watch.next(Duration.ofMillis(300))).isEmpty();
      harness.behind().put(put("2"));
      harness.behind().put(put("3"));
      harness.heal();

      assertThat(((WatchEvent.Put) next(watch)).entry().value().toText()).isEqualTo("2");
      assertThat(((WatchEvent.Put) next(watch)).entry().value().toText()).isEqualTo("3");
    }
  }

  @Test
  void largeTree_isOneEvent() throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      store().put(PutRequest.of(Key.of("a/" + i), Bytes.copyOf(new byte[20_000])));
    }
    store().put(put("top"));
    try (Watch watch = store().watch(WatchRequest.fromNow(Range.all()))) {
      store().deleteRange(new Range.Tree(KEY));

      WatchEvent.Delete delete = (WatchEvent.Delete) next(watch);
      assertThat(delete.below()).hasSize(40);
    }
  }

  @Test
  void watch_notReadForLong_holdsLittleAndMissesNothing() throws InterruptedException {
    try (Watch watch = store().watch(WatchRequest.fromNow(Range.all()))) {
      for (int i = 0; i < 500; i++) {
        harness.behind().put(put(Integer.toString(i)));
      }

      for (int i = 0; i < 500; i++) {
        assertThat(((WatchEvent.Put) next(watch)).entry().value().toText())
            .isEqualTo(Integer.toString(i));
      }
    }
  }
}
