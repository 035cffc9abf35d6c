package io.kubekv.transport.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.engine.EngineStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No gap, no duplicate, one watch upstream. */
final class WatchHubTest {
  private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  private final FaultyStore store = new FaultyStore(EngineStore.inMemory());
  private final WatchHub hub = WatchHub.open(store, THREADS);

  private static final class Recorder implements Sink {
    private final List<Long> revisions = new CopyOnWriteArrayList<>();
    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    private final CountDownLatch lost = new CountDownLatch(1);
    private volatile Runnable end = () -> {};

    Sink opened(Runnable newEnd) {
      end = newEnd;
      return this;
    }

    @Override
    public boolean deliver(Occurrence occurrence) {
      revisions.add(occurrence.event().revision().value());
      return events.add(occurrence.event());
    }

    @Override
    public void lost() {
      lost.countDown();
    }

    boolean isLost() throws InterruptedException {
      return lost.await(10, TimeUnit.SECONDS);
    }
  }

  @AfterEach
  void close() {
    hub.close();
    store.close();
  }

  private Recorder watch(Range range, long since, boolean stream) throws HistoryGoneException {
    Recorder recorder = new Recorder();
    hub.watch(
        new WatchRequirements(range, new Revision(since), stream, (watched, event) -> true),
        recorder::opened);
    return recorder;
  }

  private long put(String key) {
    PutOutcome outcome = Await.change(store.put(PutRequest.of(Key.of(key), Bytes.utf8("v"))));
    return ((PutOutcome.Stored) outcome).entry().modifyRevision().value();
  }

  private Entry entry(String key) {
    return Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE)).entry().orElseThrow();
  }

  private static Range exact(String key) {
    return new Range.Exact(Key.of(key));
  }

  private static Range tree(String key) {
    return new Range.Tree(Key.of(key));
  }

  @Test
  void oneShot_getsTheFirstEventOnly() throws Exception {
    Recorder recorder = watch(exact("a"), 1, false);

    long first = put("a");
    put("a");

    await().untilAsserted(() -> assertThat(recorder.revisions).containsExactly(first));
    await().untilAsserted(() -> assertThat(hub.position().value()).isEqualTo(3));
    assertThat(recorder.revisions).containsExactly(first);
    assertThat(hub.watchers()).isZero();
  }

  @Test
  void event_concernsItsKeyAndTheTreesAbove() throws Exception {
    Recorder key = watch(exact("a/b"), 1, true);
    Recorder tree = watch(tree("a"), 1, true);
    Recorder all = watch(Range.all(), 1, true);
    Recorder other = watch(tree("ab"), 1, true);

    long revision = put("a/b");

    for (Recorder told : List.of(key, tree, all)) {
      await().untilAsserted(() -> assertThat(told.revisions).containsExactly(revision));
    }
    assertThat(other.revisions).isEmpty();
    assertThat(store.watchesOpen()).as("all of them live on one").isEqualTo(1);
  }

  @Test
  void past_isReplayedUpToNowAndGoesOn() throws Exception {
    put("a");
    long second = put("a");
    put("b");

    Recorder recorder = watch(exact("a"), second, true);
    long third = put("a");

    await().untilAsserted(() -> assertThat(recorder.revisions).containsExactly(second, third));
    assertThat(store.watchesOpen()).isEqualTo(1);
  }

  @Test
  void lateSiblingOfARevisionThatWasReplayed_isNotToldTwice() throws Exception {
    put("a");
    await().until(() -> hub.position().value() == 2);
    Recorder recorder = watch(exact("a"), 1, true);
    WatchEvent replayed = recorder.events.take();

    hub.dispatch(replayed);
    long next = put("a");

    await().untilAsserted(() -> assertThat(recorder.revisions).contains(next));
    assertThat(recorder.revisions).containsExactly(2L, next);
  }

  @Test
  void streams_thatBeginUnderWrites_missNothingAndSeeNothingTwice() throws Exception {
    int writes = 1500;
    Thread writer = THREADS.newThread(() -> IntStream.range(0, writes).forEach(i -> put("a")));
    writer.start();

    List<Recorder> recorders = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 60; i++) {
      recorders.add(watch(i % 2 == 0 ? exact("a") : Range.all(), 1, true));
    }
    writer.join();

    List<Long> expected = LongStream.rangeClosed(2, writes + 1).boxed().toList();
    for (Recorder recorder : recorders) {
      await().untilAsserted(() -> assertThat(recorder.revisions).hasSize(writes));
      assertThat(recorder.revisions).isEqualTo(expected);
    }
  }

  @Test
  void oneShots_thatBeginUnderWrites_getTheFirstEventSince() throws Exception {
    Thread writer = THREADS.newThread(() -> IntStream.range(0, 1500).forEach(i -> put("a")));
    writer.start();

    for (long since = 2; since <= 100; since++) {
      Recorder recorder = watch(exact("a"), since, false);
      WatchEvent event = recorder.events.poll(10, TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      assertThat(recorder.revisions).containsExactly(since);
    }
    writer.join();
  }

  @Test
  void end_freesTheWatchAtOnce() throws Exception {
    Recorder recorder = watch(exact("a"), 1, true);
    assertThat(hub.watchers()).isEqualTo(1);

    recorder.end.run();
    recorder.end.run();

    assertThat(hub.watchers()).isZero();
  }

  @Test
  void historyGone_isToldBeforeTheWatchOpens() {
    store.forgetBefore(new Revision(7));
    put("a");
    put("a");
    await().untilAsserted(() -> assertThat(hub.position().value()).isEqualTo(3));

    assertThatThrownBy(() -> watch(tree("a"), 1, false))
        .isInstanceOfSatisfying(
            HistoryGoneException.class, e -> assertThat(e.oldest().value()).isEqualTo(7));
    assertThat(hub.watchers()).isZero();
  }

  @Test
  void upstreamLosesHistory_streamsAreTold_waitersAreSettled() throws Exception {
    put("same");
    put("changed");
    Recorder stream = watch(Range.all(), 4, true);
    Recorder unchanged = watch(exact("same"), 4, false);
    Recorder vanished = watch(exact("vanished"), 4, false);
    Recorder changed = watch(exact("changed"), 4, false);
    store.hideEvents();
    long hidden = put("changed");

    store.loseHistory(new Revision(hidden + 1));

    assertThat(stream.isLost()).isTrue();
    assertThat(vanished.isLost()).isTrue();
    assertThat(changed.isLost()).as("it may have changed more than once").isTrue();
    long next = put("same");
    await().untilAsserted(() -> assertThat(unchanged.revisions).containsExactly(next));
    assertThat(store.watchesOpen()).isEqualTo(1);
  }

  /** It would ask next for what another replica remembers, and not hear of what was before. */
  @Test
  void waiterOfATreeBehindAGap_isTold() throws Exception {
    put("far");
    Recorder waiter = watch(tree("t"), 3, false);
    store.hideEvents();
    put("t/b");
    long later = put("t/a");

    store.loseHistory(
        new Revision(later + 1),
        new WatchEvent.Put(entry("t/a"), Optional.of(entry("t/b")), Cause.SET));

    assertThat(waiter.isLost()).isTrue();
    assertThat(waiter.revisions).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keyBehindAGap_isAnsweredWithItsVeryNextChangeOnly(boolean next) throws Exception {
    put("a");
    Entry before = entry("a");
    Recorder waiter = watch(exact("a"), 3, false);
    store.hideEvents();
    long changed = put("a");
    Optional<Entry> previous = Optional.of(before).filter(entry -> next);

    store.loseHistory(
        new Revision(changed + 1), new WatchEvent.Put(entry("a"), previous, Cause.SET));

    if (next) {
      await().untilAsserted(() -> assertThat(waiter.revisions).containsExactly(changed));
    } else {
      assertThat(waiter.isLost()).isTrue();
      assertThat(waiter.revisions).isEmpty();
    }
  }

  /** Where its removal belongs nobody knows, and the true one may come after it. */
  @Test
  void keyThatVanishedBehindAGap_isTold() throws Exception {
    put("a");
    Entry entry = entry("a");
    Recorder stream = watch(Range.all(), 3, true);
    Recorder waiter = watch(exact("a"), 3, false);

    Revision vanished = new Revision(3);
    store.loseHistory(
        new Revision(5), new WatchEvent.Delete(vanished, entry, Cause.DELETE, List.of()));

    assertThat(stream.isLost()).isTrue();
    assertThat(stream.revisions).isEmpty();
    assertThat(waiter.isLost()).isTrue();
    assertThat(waiter.revisions).isEmpty();
  }

  @Test
  void storeThatCannotBeWatched_isWatchedAgainWhenItCan() throws Exception {
    Recorder before = watch(exact("a"), 1, false);
    store.failWatches(true);
    store.loseHistory(new Revision(2));
    assertThat(before.isLost()).isTrue();

    store.failWatches(false);
    Recorder after = watch(exact("a"), 1, false);
    long revision = put("a");

    await().untilAsserted(() -> assertThat(after.revisions).containsExactly(revision));
  }

  @Test
  void close_tellsEveryoneAndTakesNobodyNew() throws Exception {
    Recorder stream = watch(Range.all(), 1, true);
    Recorder waiter = watch(exact("a"), 1, false);

    hub.close();

    assertThat(stream.isLost()).isTrue();
    assertThat(waiter.isLost()).isTrue();
    assertThatThrownBy(() -> watch(exact("a"), 1, false)).isInstanceOf(UnavailableException.class);
    await().untilAsserted(() -> assertThat(store.watchesOpen()).isZero());
  }
}
