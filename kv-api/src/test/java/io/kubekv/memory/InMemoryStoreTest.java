package io.kubekv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Key KEY = Key.of("a/b");
  private static final Bytes VALUE = Bytes.utf8("v");

  @Test
  void open_entryRunsOut_watchSeesItWithoutAnyCall() throws InterruptedException {
    try (InMemoryStore store = InMemoryStore.open();
        Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      store.put(PutRequest.of(KEY, VALUE).withTimeToLive(Duration.ofMillis(50)));

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
  void driven_timePasses_everyCallSeesTheExpiry() {
    AtomicLong ticker = new AtomicLong();
    try (InMemoryStore store =
        InMemoryStore.driven(InMemoryStore.Settings.DEFAULT, () -> Instant.EPOCH, ticker::get)) {
      store.put(PutRequest.of(KEY, VALUE).withTimeToLive(Duration.ofNanos(10)));

      ticker.set(9);
      assertThat(store.get(KEY, Freshness.LINEARIZABLE).entry()).isPresent();
      ticker.set(10);
      assertThat(store.get(KEY, Freshness.LINEARIZABLE).entry()).isEmpty();
    }
  }

  @Test
  void transact_rolledBack_leavesTheTimeToLiveAsItWas() {
    AtomicLong ticker = new AtomicLong();
    Key other = Key.of("other");
    try (InMemoryStore store =
        InMemoryStore.driven(InMemoryStore.Settings.DEFAULT, () -> Instant.EPOCH, ticker::get)) {
      store.put(PutRequest.of(KEY, VALUE).withTimeToLive(Duration.ofNanos(10)));
      store.put(PutRequest.of(other, VALUE));

      TransactionOutcome outcome =
          store.transact(
              TransactionRequest.of(
                  new TransactionOperation.Put(PutRequest.of(KEY, VALUE)),
                  new TransactionOperation.Put(
                      PutRequest.of(other, VALUE).withTimeToLive(Duration.ofNanos(10))),
                  new TransactionOperation.Check(KEY, Precondition.ABSENT)));

      assertThat(outcome).isInstanceOf(TransactionOutcome.RolledBack.class);
      ticker.set(10);
      assertThat(store.get(KEY, Freshness.LINEARIZABLE).entry()).isEmpty();
      assertThat(store.get(other, Freshness.LINEARIZABLE).entry()).isPresent();
    }
  }

  @Test
  void transact_overALimitHalfWay_leavesNothing() {
    Limits two = new Limits(64, 256, 4, 2);
    try (InMemoryStore store = InMemoryStore.open(InMemoryStore.Settings.DEFAULT.withLimits(two))) {
      TransactionOperation[] three = {
        new TransactionOperation.Put(PutRequest.of(Key.of("1"), VALUE)),
        new TransactionOperation.Put(PutRequest.of(Key.of("2"), VALUE)),
        new TransactionOperation.Put(PutRequest.of(Key.of("3"), VALUE))
      };

      assertThatThrownBy(() -> store.transact(TransactionRequest.of(three)))
          .isInstanceOf(LimitExceededException.class);

      assertThat(store.status().entries()).isZero();
      assertThat(store.put(PutRequest.of(KEY, VALUE)))
          .isInstanceOfSatisfying(
              PutOutcome.Stored.class,
              stored -> assertThat(stored.revision()).isEqualTo(new Revision(1)));
    }
  }

  @Test
  void put_treeWithMissingParent_makesItWithItsOwnRevisionAndEvent() throws InterruptedException {
    try (InMemoryStore store = InMemoryStore.open();
        Watch watch = store.watch(WatchRequest.fromOldest(Range.all()))) {
      store.put(PutRequest.of(KEY, VALUE).withLayout(Layout.TREE));

      assertThat(watch.next(Duration.ZERO)).contains(new WatchEvent.Progress(Revision.ZERO));
      Optional<WatchEvent> parent = watch.next(Duration.ZERO);
      assertThat(parent)
          .get()
          .isInstanceOfSatisfying(
              WatchEvent.Put.class, put -> assertThat(put.cause()).isEqualTo(Cause.PARENT));
      assertThat(parent.orElseThrow().revision()).isEqualTo(new Revision(1));
      assertThat(watch.next(Duration.ZERO).orElseThrow().revision()).isEqualTo(new Revision(2));
    }
  }

  @Test
  void watch_exactKeyOlderThanHistory_parksWhileTheEntryProvesThatNothingHappened()
      throws InterruptedException {
    try (InMemoryStore store =
        InMemoryStore.open(InMemoryStore.Settings.DEFAULT.withHistoryBytes(1))) {
      store.put(PutRequest.of(KEY, VALUE));
      for (int i = 0; i < 10; i++) {
        store.put(PutRequest.of(Key.of("other"), VALUE));
      }

      try (Watch proved = store.watch(WatchRequest.from(new Range.Exact(KEY), new Revision(2)));
          Watch lost = store.watch(WatchRequest.from(new Range.Exact(KEY), new Revision(1)))) {
        assertThat(proved.next(Duration.ZERO)).contains(new WatchEvent.Progress(new Revision(11)));
        assertThat(proved.next(Duration.ZERO)).isEmpty();
        assertThat(lost.next(Duration.ZERO)).contains(new WatchEvent.HistoryGone(new Revision(11)));
      }
    }
  }
}
