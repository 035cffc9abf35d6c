package io.kubekv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
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
