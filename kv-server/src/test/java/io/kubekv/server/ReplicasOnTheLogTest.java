package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.replica.LocalReplica;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Three replicas, and what each of them has of the log that they follow. */
class ReplicasOnTheLogTest extends ThreeReplicas {
  private static final int WRITERS = 4;

  /** What was before the snapshot, the holder remembers. */
  @Test
  void watch_fromBeforeTheSnapshotThatItsReplicaBeganWith_missesNothing() throws Exception {
    List<Revision> written = new ArrayList<>();
    written.add(put(store(0), "0"));
    ReplicaUnderTest late = replica("late");
    while (late.local().historyBase().isBefore(written.getFirst())) {
      assertThat(written).as("puts without a snapshot").hasSizeLessThan(200);
      late.close();
      written.add(put(store(0), Integer.toString(written.size())));
      late = replica("late");
    }
    replicas.add(late);
    written.add(put(store(3), "last"));

    try (Watch watch = store(3).watch(WatchRequest.from(Range.all(), written.getFirst()))) {
      for (Revision expected : written) {
        assertThat(firstChange(watch).revision()).isEqualTo(expected);
      }
    }
  }

  @Test
  void wordOfAnotherStore_isRefused() {
    LocalReplica follower = replicas.get(1).local();
    LocalReplica.News news = new LocalReplica.News(new Revision(1_000), 1, 1, 1);

    assertThat(follower.announced(news, store(0).id() + 1)).isFalse();
    assertThat(follower.state().announced()).isLessThan(news.revision());
    assertThat(follower.announced(news, store(0).id())).isTrue();
  }

  @Test
  void cutOffHolder_whileOthersWrite_nothingAcknowledgedIsLostAndWatchesGoOn() throws Exception {
    Revision first = put(store(0), "first");
    try (Watch watch = store(2).watch(WatchRequest.from(Range.all(), first.next()));
        Writers writers = new Writers(store(1))) {
      writers.awaitWrites(50);

      replicas.getFirst().cutOff();

      writers.awaitWrites(50);
      assertThat(replicas.getFirst().replicas().isActive()).isFalse();
      writers.close();
      Revision last = put(store(2), "last");
      assertSeen(watch, writers, last);
      writers.acknowledged.forEach(
          (revision, key) ->
              assertThat(
                      Await.read(store(2).get(key, Freshness.LINEARIZABLE))
                          .entry()
                          .orElseThrow()
                          .createRevision())
                  .isEqualTo(revision));
    }
  }

  /** Every change once and in order, and those that were acknowledged among them. */
  private static void assertSeen(Watch watch, Writers writers, Revision last) throws Exception {
    Set<Revision> seen = new HashSet<>();
    Revision before = Revision.ZERO;
    while (before.isBefore(last)) {
      WatchEvent event = firstChange(watch);
      assertThat(event).isInstanceOf(WatchEvent.Put.class);
      assertThat(event.revision()).isGreaterThan(before);
      before = event.revision();
      seen.add(before);
    }
    assertThat(seen).containsAll(writers.acknowledged.keySet());
  }

  /** Create keys, each a new one, until they are closed. */
  private static final class Writers implements AutoCloseable {
    private final ConcurrentSkipListMap<Revision, Key> acknowledged = new ConcurrentSkipListMap<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private volatile CountDownLatch wanted = new CountDownLatch(0);

    Writers(KeyValueStore store) {
      for (int i = 0; i < WRITERS; i++) {
        String name = "writer-" + i;
        threads.add(Thread.ofVirtual().start(() -> write(store, name)));
      }
    }

    private void write(KeyValueStore store, String name) {
      for (int i = 0; !stop.get(); i++) {
        Key key = Key.of(name + "/" + i);
        try {
          acknowledged.put(stored(Await.change(store.put(PutRequest.of(key, Bytes.EMPTY)))), key);
          wanted.countDown();
        } catch (StoreException refusedOrUnknown) {
          assertThat(refusedOrUnknown)
              .isInstanceOfAny(UnavailableException.class, OutcomeUnknownException.class);
        }
      }
    }

    void awaitWrites(int number) throws InterruptedException {
      CountDownLatch latch = new CountDownLatch(number);
      wanted = latch;
      assertThat(latch.await(SOON.toSeconds() * 3, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws InterruptedException {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
