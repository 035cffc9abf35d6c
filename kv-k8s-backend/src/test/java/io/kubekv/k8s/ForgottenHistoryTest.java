package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A watch that stays open while the API forgets again and again: each gap is told. */
class ForgottenHistoryTest {
  private static final int WRITERS = 3;
  private static final int CHANGES = 60;
  private static final Key LAST = Key.of("last");

  /** Keeps a copy of the store as a client does: by a watch, and by a new list after a gap. */
  private static final class Follower {
    private final KeyValueStore store;
    private final Map<Key, Entry> copy = new TreeMap<>();
    private int gaps;

    Follower(KeyValueStore store) {
      this.store = store;
    }

    /** Follows until the last key is there. */
    void follow() throws InterruptedException {
      WatchRequest request = list();
      while (!copy.containsKey(LAST)) {
        try (Watch watch = store.watch(request)) {
          follow(watch);
        }
        if (!copy.containsKey(LAST)) {
          gaps++;
          request = list();
        }
      }
    }

    private WatchRequest list() {
      Listing listing = store.list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE);
      copy.clear();
      listing.entries().forEach(entry -> copy.put(entry.key(), entry));
      return WatchRequest.from(Range.all(), listing.revision().next());
    }

    private void follow(Watch watch) throws InterruptedException {
      boolean gone = false;
      while (!gone && !copy.containsKey(LAST)) {
        switch (watch.next(Duration.ofSeconds(30)).orElseThrow()) {
          case WatchEvent.Put put ->
              assertThat(Optional.ofNullable(copy.put(put.entry().key(), put.entry())))
                  .as("what %s replaces", put)
                  .isEqualTo(put.previous());
          case WatchEvent.Delete delete ->
              assertThat(copy.remove(delete.previous().key())).isEqualTo(delete.previous());
          case WatchEvent.Progress progress -> {}
          case WatchEvent.HistoryGone told -> gone = true;
        }
      }
    }
  }

  @Test
  void follower_listingAgainAfterEachGap_hasWhatTheStoreHas() throws Exception {
    RecurringFault forgetting = RecurringFault.forgottenHistory(7, Nemesis.NONE);
    Nemesis nemesis = new Nemesis(List.of(forgetting), Duration.ZERO, 0);
    try (EmbeddedHarness harness =
        new EmbeddedHarness(StoreSpec.DEFAULT, server -> nemesis.arm(server.faults()))) {
      KeyValueStore store = harness.store();
      Follower follower = new Follower(store);
      FutureTask<Boolean> following =
          start(
              () -> {
                follower.follow();
                return true;
              });
      writeAll(store);
      store.put(PutRequest.of(LAST, Bytes.EMPTY));

      assertThat(following.get()).isTrue();
      assertThat(List.copyOf(follower.copy.values()))
          .isEqualTo(store.list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE).entries());
      assertThat(follower.gaps).as("gaps told").isPositive();
      assertThat(forgetting.hits()).as("lists after 410").isPositive();
    }
  }

  private static void writeAll(KeyValueStore store) throws Exception {
    List<FutureTask<Boolean>> writers =
        IntStream.range(0, WRITERS)
            .mapToObj(
                writer ->
                    start(
                        () -> {
                          write(store, writer);
                          return true;
                        }))
            .toList();
    for (FutureTask<Boolean> writer : writers) {
      assertThat(writer.get()).isTrue();
    }
  }

  private static void write(KeyValueStore store, int writer) {
    for (int i = 0; i < CHANGES; i++) {
      Key key = Key.of("k" + (i * 5 + writer) % 7);
      if (i % 4 == 3) {
        store.delete(DeleteRequest.of(key));
      } else {
        store.put(PutRequest.of(key, Bytes.utf8(writer + "/" + i)));
      }
    }
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }
}
