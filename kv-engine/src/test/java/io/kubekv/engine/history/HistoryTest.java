package io.kubekv.engine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Effect;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);
  private final Decider decider = new Decider(Limits.DEFAULT);
  private State state = State.EMPTY;

  private static PutRequest put(String key, String value) {
    return PutRequest.of(Key.of(key), Bytes.utf8(value));
  }

  private void happens(History history, Request<?> request) {
    for (Effect effect : decider.decide(request, state, NOW).effects()) {
      state = effect.after();
      history.add(effect);
    }
  }

  @Test
  void changesThatNobodySees_takeTheirPart() {
    happens(new History(1), new Request.Found(1));
    happens(new History(1), new Request.Put(put("a", "1")));
    History history = new History(1 << 20);
    int size = Limits.MAX_METADATA_BYTES;
    TransactionRequest sets =
        TransactionRequest.of(
            new TransactionOperation.SetMetadata(
                Key.of("a"), OptionalInt.empty(), Bytes.utf8("x".repeat(size))));
    happens(history, new Request.Transact(sets));
    Revision first = state.revision();

    for (int i = 0; i < 20; i++) {
      happens(history, new Request.Transact(sets));
    }

    assertThat(history.at(first)).as("20 x 64 KiB are more than a MiB").isEmpty();
  }

  private void bothChange(History history, String value) {
    happens(
        history,
        new Request.Transact(
            TransactionRequest.of(
                new TransactionOperation.Put(put("a", value)),
                new TransactionOperation.Put(put("b", value)))));
  }

  private static String value(State at, String key) {
    return at.get(Key.of(key)).map(Entry::value).map(Bytes::toText).orElse("missing");
  }

  @Test
  void at_anOldRevision_isTheStateAsItStood() {
    History history = new History(1 << 20);
    for (int i = 1; i <= 3; i++) {
      happens(history, new Request.Put(put("a", "v" + i)));
    }

    assertThat(history.at(new Revision(1)).map(old -> value(old, "a"))).contains("v1");
    assertThat(history.at(new Revision(3)).map(old -> value(old, "a"))).contains("v3");
    assertThat(history.at(new Revision(4))).isEmpty();
  }

  @Test
  void at_aRevisionThatIsForgotten_isNotKnown() {
    History history = new History(1);
    happens(history, new Request.Put(put("a", "v1")));
    happens(history, new Request.Put(put("a", "v2")));

    assertThat(history.oldest()).isEqualTo(new Revision(2));
    assertThat(history.at(new Revision(1))).isEmpty();
    assertThat(history.at(new Revision(2)).map(old -> value(old, "a"))).contains("v2");
  }

  @Test
  void at_anyRevisionOfALongHistory_isTheStateAsItStood() {
    History history = new History(Long.MAX_VALUE);
    int revisions = 3 * Page.MOST + 1;
    List<State> states = new ArrayList<>();
    for (int i = 1; i <= revisions; i++) {
      happens(history, new Request.Put(put("k" + i % 7, "v" + i)));
      states.add(state);
    }

    for (int i = 1; i <= revisions; i++) {
      assertThat(history.at(new Revision(i))).as("revision %s", i).contains(states.get(i - 1));
    }
    assertThat(history.oldest()).isEqualTo(new Revision(1));
  }

  @Test
  void at_revisionsInAnyOrder_isTheStateAsItStood() {
    History history = new History(Long.MAX_VALUE);
    int revisions = 2 * Page.MOST + 5;
    List<State> states = new ArrayList<>();
    for (int i = 1; i <= revisions; i++) {
      happens(history, new Request.Put(put("k" + i % 7, "v" + i)));
      states.add(state);
    }

    for (int i = 0; i < 40 * revisions; i++) {
      int at = 1 + i * 61 % revisions; // which has no divisor in common with them: each of them
      int nearby = Math.min(revisions, at + i % 3);
      assertThat(history.at(new Revision(at))).contains(states.get(at - 1));
      assertThat(history.at(new Revision(nearby))).contains(states.get(nearby - 1));
    }
  }

  @Test
  void at_aRevisionAndTheOneBefore_areMadeOnce() {
    History history = new History(Long.MAX_VALUE);
    for (int i = 1; i <= Page.MOST; i++) {
      happens(history, new Request.Put(put("a", "v" + i)));
    }

    State then = history.at(new Revision(20)).orElseThrow();
    State before = history.at(new Revision(19)).orElseThrow();

    assertThat(history.at(new Revision(20)).orElseThrow()).isSameAs(then);
    assertThat(history.at(new Revision(19)).orElseThrow()).isSameAs(before);
  }

  @Test
  void at_aRevisionThatIsForgottenAfterItWasMade_isNotKnown() {
    History history = new History(Long.MAX_VALUE);
    for (int i = 1; i <= 2 * Page.MOST; i++) {
      happens(history, new Request.Put(put("a", "v" + i)));
    }
    assertThat(history.at(new Revision(20))).isPresent();

    history.forget(new Revision(Page.MOST + 1));

    assertThat(history.at(new Revision(20))).isEmpty();
  }

  @Test
  void watch_overALongHistory_getsEveryEventOnceFromWhereItBegins() throws InterruptedException {
    History history = new History(Long.MAX_VALUE);
    int revisions = 3 * Page.MOST + 1;
    for (int i = 1; i <= revisions; i++) {
      happens(history, new Request.Put(put("a", "v" + i)));
    }

    int first = Page.MOST / 2;
    try (Watch watch = history.watch(WatchRequest.from(Range.all(), new Revision(first)))) {
      for (int i = first; i <= revisions; i++) {
        assertThat(watch.next(Duration.ZERO).map(WatchEvent::revision)).contains(new Revision(i));
      }
      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Progress.class);
    }
  }

  @Test
  void add_moreThanItMayHoldOnTo_forgetsNoMoreThanASmallPart() {
    happens(new History(1), new Request.Put(put("a", "v")));
    Effect again = decider.decide(new Request.Put(put("a", "v")), state, NOW).effects().getFirst();
    int most = 320;
    History history = new History(most * new Step(again.commit(), again.events()).bytes());
    history.restart(state);
    for (int i = 0; i < 10 * most; i++) {
      happens(history, new Request.Put(put("a", "v")));
    }

    long kept = state.revision().value() - history.oldest().value() + 1;
    assertThat(kept).isBetween(most * 9L / 10, (long) most);
  }

  @Test
  void forget_forgetsWhatWasBeforeAndNoMore() throws InterruptedException {
    History history = new History(Long.MAX_VALUE);
    int revisions = 3 * Page.MOST;
    for (int i = 1; i <= revisions; i++) {
      happens(history, new Request.Put(put("a", "v" + i)));
    }
    int first = Page.MOST + 10;
    try (Watch behind = history.watch(WatchRequest.from(Range.all(), new Revision(first - 1)))) {
      history.forget(new Revision(first));
      history.forget(new Revision(1));

      assertThat(history.oldest()).isEqualTo(new Revision(first));
      assertThat(behind.next(Duration.ZERO))
          .contains(new WatchEvent.HistoryGone(new Revision(first)));
    }
    assertThat(history.at(new Revision(first - 1))).isEmpty();
    assertThat(history.at(new Revision(first)).map(old -> value(old, "a"))).contains("v" + first);
    assertThat(revisions(history, first)).hasSize(revisions - first + 1).startsWith((long) first);
  }

  @Test
  void forget_ofAll_goesOnWithTheNextRevision() throws InterruptedException {
    History history = new History(Long.MAX_VALUE);
    happens(history, new Request.Put(put("a", "v1")));
    history.forget(new Revision(100));
    assertThat(history.oldest()).isEqualTo(new Revision(2));
    assertThat(history.at(new Revision(1)).map(old -> value(old, "a"))).contains("v1");

    happens(history, new Request.Put(put("a", "v2")));
    happens(history, new Request.Put(put("a", "v3")));

    assertThat(revisions(history, 2)).containsExactly(2L, 3L);
    assertThat(history.at(new Revision(2)).map(old -> value(old, "a"))).contains("v2");
  }

  @Test
  void watch_fromARevisionOfSeveralChanges_getsThemAll() throws InterruptedException {
    History history = new History(1 << 20);
    bothChange(history, "1");
    bothChange(history, "2");

    try (Watch watch = history.watch(WatchRequest.from(Range.all(), new Revision(2)))) {
      WatchEvent.Put first = (WatchEvent.Put) watch.next(Duration.ZERO).orElseThrow();
      WatchEvent.Put second = (WatchEvent.Put) watch.next(Duration.ZERO).orElseThrow();
      assertThat(first.entry().key()).isEqualTo(Key.of("a"));
      assertThat(second.entry().key()).isEqualTo(Key.of("b"));
      assertThat(first.revision()).isEqualTo(second.revision()).isEqualTo(new Revision(2));
      assertThat(watch.next(Duration.ZERO)).contains(new WatchEvent.Progress(new Revision(2)));
      assertThat(watch.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void watch_inTheMiddleOfARevision_getsTheRestWhateverIsForgotten() throws InterruptedException {
    History history = new History(Long.MAX_VALUE);
    bothChange(history, "1");
    bothChange(history, "2");

    try (Watch watch = history.watch(WatchRequest.from(Range.all(), new Revision(1)))) {
      assertThat(watch.next(Duration.ZERO).map(WatchEvent::revision)).contains(new Revision(1));
      assertThat(watch.isWithinRevision()).isTrue();
      history.forget(new Revision(3));

      assertThat(watch.next(Duration.ZERO).map(WatchEvent::revision)).contains(new Revision(1));
      assertThat(watch.isWithinRevision()).isFalse();
      assertThat(watch.next(Duration.ZERO)).contains(new WatchEvent.HistoryGone(new Revision(3)));
    }
  }

  @Test
  void oldestState_isTheFirstThatIsKnown() {
    History history = new History(Long.MAX_VALUE);
    for (int i = 1; i <= 5; i++) {
      bothChange(history, "v" + i);
    }
    assertThat(history.oldestState()).isEqualTo(new Revision(1));
    history.forget(new Revision(3));

    assertThat(history.oldestState()).isEqualTo(new Revision(3));
    assertThat(history.at(new Revision(3)).map(old -> value(old, "a"))).contains("v3");
    assertThat(history.at(new Revision(2))).isEmpty();
    history.forget(new Revision(100));
    assertThat(history.oldestState()).as("what stands now").isEqualTo(new Revision(5));
    assertThat(history.at(new Revision(5))).contains(state);
  }

  @Test
  void watch_thatHasHadAllOfARevision_losesNothingWhenItIsForgotten() throws InterruptedException {
    History history = new History(1);
    Range a = new Range.WithPrefix(new Prefix("a"));
    try (Watch watch = history.watch(WatchRequest.fromNow(a))) {
      assertThat(watch.next(Duration.ZERO)).contains(new WatchEvent.Progress(Revision.ZERO));
      bothChange(history, "1");
      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Put.class);
      bothChange(history, "2");

      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Put.class);
    }
  }

  /** A watch of the one key that waits, and has seen everything so far. */
  private static HistoryWatch waiting(History history, String key) throws InterruptedException {
    HistoryWatch watch = seen(history, key);
    assertThat(history.await(watch, history.last().revision())).isTrue();
    return watch;
  }

  /** A watch of the one key that has seen everything so far. */
  private static HistoryWatch seen(History history, String key) throws InterruptedException {
    Range range = new Range.Exact(Key.of(key));
    HistoryWatch watch = (HistoryWatch) history.watch(WatchRequest.fromNow(range));
    assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Progress.class);
    assertThat(watch.next(Duration.ZERO)).isEmpty();
    return watch;
  }

  /**
   * The event is told and the next one asked for before the wake-up for it has come: by the
   * callback of another watch, which is called first.
   */
  @Test
  void wakeUpThatComesLate_takesNothingFromWhatWaitsByThen() throws InterruptedException {
    History history = new History(1 << 20);
    HistoryWatch first = seen(history, "a");
    HistoryWatch watch = seen(history, "a");
    List<Optional<String>> told = new ArrayList<>();
    first.whenReady(() -> told.addAll(allOf(watch)));
    watch.whenReady(() -> {});
    happens(history, new Request.Put(put("a", "v1")));
    assertThat(told).containsExactly(Optional.of("v1"), Optional.empty());
    assertThat(history.isWaiting(watch)).isTrue();

    assertThat(watch.next(Duration.ZERO)).isEmpty();
    assertThat(history.isWaiting(watch)).as("while it searches").isFalse();

    first.whenReady(() -> told.addAll(allOf(watch)));
    watch.whenReady(() -> {});
    happens(history, new Request.Put(put("a", "v2")));
    watch.close();
    assertThat(history.isWaiting(watch)).as("closed").isFalse();
  }

  /** What a watch has to tell now, and then asks to be called back. */
  private static List<Optional<String>> allOf(HistoryWatch watch) {
    try {
      List<Optional<String>> told = List.of(nextPut(watch), nextPut(watch));
      watch.whenReady(() -> {});
      return told;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<String> nextPut(Watch watch) throws InterruptedException {
    return watch
        .next(Duration.ZERO)
        .filter(WatchEvent.Put.class::isInstance)
        .map(put -> ((WatchEvent.Put) put).entry().value().toText());
  }

  @Test
  void watch_thatWaitsLongerThanHistoryReaches_losesNothing() throws InterruptedException {
    History history = new History(1);
    happens(history, new Request.Put(put("a", "v1")));
    HistoryWatch watch = waiting(history, "a");
    for (int i = 0; i < 3 * Page.MOST; i++) {
      happens(history, new Request.Put(put("b", "v" + i)));
    }

    happens(history, new Request.Put(put("a", "v2")));
    history.stopWaiting(watch);

    assertThat(history.oldest()).isEqualTo(state.revision());
    assertThat(nextPut(watch)).contains("v2");
    assertThat(watch.next(Duration.ZERO)).isEmpty();
  }

  @Test
  void watchBetweenTwoKeys_isCalledForItsOwnKeysAlone_andLosesNothing()
      throws InterruptedException {
    History history = new History(1);
    Range.Between range = new Range.Between(Key.of("a"), Optional.of(Key.of("c")));
    AtomicInteger calls = new AtomicInteger();
    try (HistoryWatch watch = (HistoryWatch) history.watch(WatchRequest.fromNow(range));
        HistoryWatch other = (HistoryWatch) history.watch(WatchRequest.fromNow(range))) {
      for (HistoryWatch each : List.of(watch, other)) {
        assertThat(each.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Progress.class);
        assertThat(each.next(Duration.ZERO)).isEmpty();
        each.whenReady(calls::incrementAndGet);
      }
      happens(history, new Request.Put(put("c", "v")));
      happens(history, new Request.Put(put("Z", "v")));
      assertThat(calls).hasValue(0);
      bothChange(history, "1");

      assertThat(calls).hasValue(2);
      for (HistoryWatch each : List.of(watch, other)) {
        assertThat(nextPut(each)).contains("1");
        assertThat(nextPut(each)).contains("1");
        assertThat(each.next(Duration.ZERO)).isEmpty();
      }
      watch.whenReady(calls::incrementAndGet);
      happens(history, new Request.DeleteRange(new Range.Exact(Key.of("b"))));
      assertThat(calls).hasValue(3);
      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Delete.class);
    }
  }

  /** More of them than a key has characters, each with a beginning of its own. */
  @Test
  void manyWatchesBetweenTwoKeys_areCalledForTheirOwnKeysAlone() throws InterruptedException {
    History history = new History(1 << 20);
    List<String> called = new ArrayList<>();
    List<HistoryWatch> watches = new ArrayList<>();
    for (int number = 10; number < 60; number++) {
      String name = "k" + number;
      Range range = new Range.Between(Key.of(name + "/a"), Optional.of(Key.of(name + "/c")));
      HistoryWatch watch = (HistoryWatch) history.watch(WatchRequest.fromNow(range));
      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Progress.class);
      assertThat(watch.next(Duration.ZERO)).isEmpty();
      watch.whenReady(() -> called.add(name));
      watches.add(watch);
    }

    happens(history, new Request.Put(put("k17/c", "v")));
    assertThat(called).isEmpty();
    happens(history, new Request.Put(put("k17/b", "v")));
    happens(history, new Request.Put(put("k17/b", "w")));

    assertThat(called).containsExactly("k17");
    assertThat(nextPut(watches.get(7))).contains("v");
    watches.forEach(HistoryWatch::close);
  }

  @Test
  void watchBetweenTwoKeys_thatDoesNotWaitAnyMore_isNotCalled() throws InterruptedException {
    History history = new History(1 << 20);
    Range.Between range = new Range.Between(Key.of("a"), Optional.empty());
    AtomicInteger calls = new AtomicInteger();
    try (HistoryWatch watch = (HistoryWatch) history.watch(WatchRequest.fromNow(range))) {
      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Progress.class);
      assertThat(watch.next(Duration.ZERO)).isEmpty();
      watch.whenReady(calls::incrementAndGet);
      assertThat(watch.next(Duration.ZERO)).isEmpty();
      happens(history, new Request.Put(put("b", "v")));

      assertThat(calls).hasValue(0);
      assertThat(nextPut(watch)).contains("v");
    }
  }

  @Test
  void watch_thatWaitsWhileAllIsForgotten_getsWhatComesThen() throws InterruptedException {
    History history = new History(Long.MAX_VALUE);
    HistoryWatch watch = waiting(history, "a");
    happens(history, new Request.Put(put("b", "v")));
    history.forget(new Revision(2));

    bothChange(history, "1");
    history.stopWaiting(watch);

    assertThat(nextPut(watch)).contains("1");
  }

  @Test
  void restart_atWhatWasSeenToTheEnd_endsNoWatchThatWaits() throws InterruptedException {
    History history = new History(1 << 20);
    HistoryWatch watch = waiting(history, "a");
    happens(history, new Request.Put(put("b", "v")));

    history.restart(state);
    happens(history, new Request.Put(put("a", "v")));
    history.stopWaiting(watch);

    assertThat(nextPut(watch)).contains("v");
  }

  @Test
  void restart_atASnapshot_endsWatchesThatWereBehindIt() throws InterruptedException {
    History history = new History(1 << 20);
    happens(history, new Request.Put(put("a", "1")));
    try (Watch watch = history.watch(WatchRequest.fromNow(Range.all()))) {
      assertThat(watch.next(Duration.ZERO)).get().isInstanceOf(WatchEvent.Progress.class);
      happens(new History(1), new Request.Put(put("a", "2")));
      history.restart(state);

      assertThat(watch.next(Duration.ZERO)).contains(new WatchEvent.HistoryGone(new Revision(3)));
    }
  }

  /** Three puts of a key, the later ones after the snapshot that the history begins with. */
  private List<WatchEvent> begunAfter(History history, int puts) throws InterruptedException {
    List<WatchEvent> earlier = new ArrayList<>();
    History other = new History(1 << 20);
    for (int i = 1; i <= puts; i++) {
      happens(other, new Request.Put(put("a", "v" + i)));
    }
    try (Watch watch = other.watch(WatchRequest.fromOldest(Range.all()))) {
      for (int i = 0; i < puts; i++) {
        earlier.add(watch.next(Duration.ZERO).orElseThrow());
      }
    }
    history.restart(state);
    return earlier;
  }

  private static List<Long> revisions(History history, long from) throws InterruptedException {
    List<Long> seen = new ArrayList<>();
    try (Watch watch = history.watch(WatchRequest.from(Range.all(), new Revision(from)))) {
      while (watch.next(Duration.ZERO).orElse(null) instanceof WatchEvent.Put put) {
        seen.add(put.revision().value());
      }
    }
    return seen;
  }

  @Test
  void backfill_watchFromBeforeTheBaseMissesNothing() throws InterruptedException {
    History history = new History(1 << 20);
    List<WatchEvent> earlier = begunAfter(history, 3);
    assertThat(history.base()).isEqualTo(new Revision(3));
    assertThat(revisions(history, 1)).isEmpty();
    happens(history, new Request.Put(put("a", "v4")));

    history.backfill(new Revision(3), new Revision(1), earlier);

    assertThat(history.oldest()).isEqualTo(new Revision(1));
    assertThat(revisions(history, 1)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(revisions(history, 3)).containsExactly(3L, 4L);
  }

  @Test
  void backfill_whatStoodThenIsNotKnown() throws InterruptedException {
    History history = new History(1 << 20);
    List<WatchEvent> earlier = begunAfter(history, 3);
    happens(history, new Request.Put(put("a", "v4")));
    happens(history, new Request.Put(put("a", "v5")));

    history.backfill(new Revision(3), new Revision(1), earlier);

    assertThat(history.at(new Revision(2))).isEmpty();
    assertThat(history.at(new Revision(3))).isEmpty();
    assertThat(history.at(new Revision(4)).map(old -> value(old, "a"))).contains("v4");
  }

  @Test
  void backfill_ofAnotherBase_isNotTaken() throws InterruptedException {
    History history = new History(1 << 20);
    List<WatchEvent> earlier = begunAfter(history, 3);

    history.backfill(new Revision(2), new Revision(1), earlier.subList(0, 2));

    assertThat(history.oldest()).isEqualTo(new Revision(4));
    assertThat(revisions(history, 1)).isEmpty();
  }

  @Test
  void backfill_afterSomethingWasForgotten_leavesNoGap() throws InterruptedException {
    History history = new History(1);
    List<WatchEvent> earlier = begunAfter(history, 3);
    happens(history, new Request.Put(put("a", "v4")));
    happens(history, new Request.Put(put("a", "v5")));

    history.backfill(new Revision(3), new Revision(1), earlier);

    assertThat(history.oldest()).isEqualTo(new Revision(5));
    assertThat(revisions(history, 1)).isEmpty();
  }

  @Test
  void backfill_takesTheNewestThatThereIsRoomFor() throws InterruptedException {
    History history = new History(4_000);
    List<WatchEvent> earlier = begunAfter(history, 20);

    history.backfill(new Revision(20), new Revision(1), earlier);

    long oldest = history.oldest().value();
    assertThat(oldest).isBetween(15L, 20L);
    assertThat(revisions(history, oldest)).first().isEqualTo(oldest);
    assertThat(revisions(history, oldest)).last().isEqualTo(20L);
    assertThat(revisions(history, oldest - 1)).isEmpty();
  }
}
