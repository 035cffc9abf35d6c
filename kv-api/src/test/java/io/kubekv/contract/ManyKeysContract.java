package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Precondition;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.StoreException;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: what a transaction promises that changes several keys, or one several times. */
abstract class ManyKeysContract extends TransactionGroup {
  private static final int ROUNDS = 20;

  ManyKeysContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private List<Entry> entries() {
    return Await.read(store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE)).entries();
  }

  private static TransactionRequest pair(String value) {
    return TransactionRequest.of(putting("a", value), putting("b", value));
  }

  @Test
  void severalKeys_changeTogether() {
    TransactionOutcome.Committed outcome =
        (TransactionOutcome.Committed) Await.change(store().transact(pair("1")));

    Entry a = get("a").orElseThrow();
    Entry b = get("b").orElseThrow();
    assertThat(stored(outcome.results().get(0)).entry()).isEqualTo(a);
    assertThat(stored(outcome.results().get(1)).entry()).isEqualTo(b);
    assertThat(a.modifyRevision()).isEqualTo(b.modifyRevision());
    assertThat(outcome.revision()).isEqualTo(b.modifyRevision()).isEqualTo(revision());
  }

  @Test
  void severalKeys_areEventsOneAfterTheOther() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    Callable<Integer> writer =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            assertThat(Await.change(store().transact(pair("v" + i))))
                .isInstanceOf(TransactionOutcome.Committed.class);
          }
          return ROUNDS;
        };
    Callable<Integer> other =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            put("c", "v" + i);
          }
          return ROUNDS;
        };

    Together.all(harness().patience(), List.of(writer, other));
    put("last", "");

    List<WatchEvent> events = changes.before("last");
    assertThat(events).hasSize(3 * ROUNDS);
    assertThat(events.stream().map(WatchEvent::revision)).isSorted();
    assertThat(events.stream().map(WatchEvent::revision).distinct()).hasSize(2 * ROUNDS);
    for (int i = 0; i < events.size(); i++) {
      if (keyOf(events.get(i)).equals("a")) {
        assertThat(keyOf(events.get(i + 1))).isEqualTo("b");
      }
    }
  }

  @Test
  void keyChangedTwice_hasWhatTheLastLeft() {
    TransactionOutcome.Committed outcome =
        committed(putting("a", "1"), putting("a", "2"), deleting("a"), putting("a", "3"));

    Entry last = stored(outcome.results().get(3)).entry();
    assertThat(get("a")).contains(last);
    assertThat(stored(outcome.results().get(1)).entry().version()).isEqualTo(2);
    assertThat(last.version()).isEqualTo(1);
    assertThat(last.createRevision()).isEqualTo(outcome.revision());
  }

  @Test
  void trees_andRanges_changeTogetherWithKeys() throws InterruptedException {
    put("p/a", "1");
    put("p/b", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.Committed outcome =
        committed(putting(treeValue("d/e/f", "1")), deleting(prefix("p/")), deleting(tree("d")));

    assertThat(entries()).isEmpty();
    put("last", "");
    List<WatchEvent> events = changes.before("last");
    assertThat(events.stream().map(TransactionGroup::keyOf))
        .containsExactly("d", "d/e", "d/e/f", "p/b", "p/a", "d");
    assertThat(events.stream().map(WatchEvent::revision).distinct())
        .containsExactly(outcome.revision());
  }

  @Test
  void severalKeys_putAndDeleted_areEventsInOrderWithTheirCauses() throws InterruptedException {
    Entry b = put("b", "old");
    Entry c = put("c", "old");
    TransactionRequest request =
        TransactionRequest.of(
            deleting("c"),
            putting("z", "1"),
            new TransactionOperation.Delete(
                DeleteRequest.of(Key.of("b")).withPrecondition(is(b.modifyRevision()))),
            deleting(exact("none")),
            putting("a", "1"));
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    List<TransactionResult> results =
        ((TransactionOutcome.Committed) Await.change(store().transact(request))).results();

    assertThat(((DeleteOutcome.Deleted) results.get(0)).previous()).isEqualTo(c);
    assertThat(((DeleteOutcome.Deleted) results.get(2)).previous()).isEqualTo(b);
    assertThat(((RangeDeleted) results.get(3)).count()).isZero();
    put("last", "");
    List<WatchEvent> events = changes.before("last");
    assertThat(events.stream().map(TransactionGroup::keyOf)).containsExactly("c", "z", "b", "a");
    assertThat(((WatchEvent.Delete) events.get(0)).cause()).isEqualTo(Cause.DELETE);
    assertThat(((WatchEvent.Delete) events.get(2)).cause()).isEqualTo(Cause.COMPARE_AND_DELETE);
    List<Revision> revisions = results.stream().map(TransactionResult::revision).toList();
    assertThat(events.stream().map(WatchEvent::revision))
        .containsExactly(revisions.get(0), revisions.get(1), revisions.get(2), revisions.get(4));
  }

  @Test
  void severalKeys_eachWithItsTimeToLive() throws InterruptedException {
    Duration shorter = Duration.ofSeconds(2);
    TransactionRequest request =
        TransactionRequest.of(
            putting(value("long", "1").withTimeToLive(Duration.ofHours(1))),
            putting(value("short", "1").withTimeToLive(shorter)),
            putting("immortal", "1"));
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    long before = harness().clock().nanos();
    Await.change(store().transact(request));

    boolean there = get("short").isPresent();
    boolean early = harness().clock().nanos() - before < shorter.toNanos();
    assertThat(there || !early).as("it is there, or its time is over").isTrue();
    harness().clock().advance(shorter.plus(harness().clock().tolerance()));
    for (int put = 0; put < 3; put++) {
      assertThat(changes.nextPut().cause()).isEqualTo(Cause.SET);
    }
    WatchEvent.Delete end = changes.nextDelete();
    assertThat(end.previous().key().text()).isEqualTo("short");
    assertThat(get("long").orElseThrow().expiry()).isPresent();
    assertThat(get("immortal").orElseThrow().expiry()).isEmpty();
  }

  @Test
  void severalLocks_areGotTogetherOrNotAtAll() {
    SessionId mine = session();
    SessionId other = session();
    TransactionRequest both =
        TransactionRequest.of(
            putting(acquisition("a", "1", mine)), putting(acquisition("b", "1", mine)));
    acquired("b", other);

    Refused refused =
        failure((TransactionOutcome.RolledBack) Await.change(store().transact(both)), 1);
    assertThat(refused.reason()).isEqualTo(Refused.Reason.HELD);
    assertThat(get("a")).isEmpty();

    Await.change(sessions().destroy(other));
    Await.change(store().delete(DeleteRequest.of(Key.of("b"))));
    assertThat(Await.change(store().transact(both)))
        .isInstanceOf(TransactionOutcome.Committed.class);
    assertThat(lock("a").isHeldBy(mine)).isTrue();
    assertThat(lock("b").isHeldBy(mine)).isTrue();
    assertThat(lock("a").acquireRevision()).contains(get("a").orElseThrow().modifyRevision());
  }

  @Test
  void keysChangedOnce_refused_leaveNothing() throws InterruptedException {
    Entry c = put("c", "1");
    TransactionRequest request =
        TransactionRequest.of(
            putting("a", "1"), deleting("c"), check("b", Precondition.PRESENT), deleting("none"));
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.RolledBack outcome =
        (TransactionOutcome.RolledBack) Await.change(store().transact(request));

    assertThat(outcome.failures().stream().map(TransactionOutcome.Failure::operation))
        .containsExactly(2, 3);
    assertThat(entries()).containsExactly(c);
    put("last", "");
    assertThat(changes.before("last")).isEmpty();
  }

  @Test
  void checksOfOtherKeys_holdUntilTheChanges() throws Exception {
    put("left", "100");
    put("right", "100");
    int threads = 3;

    Together.run(
        threads,
        harness().patience(),
        thread -> {
          for (int i = 0; i < ROUNDS / threads; i++) {
            moveOneUntilDone();
          }
          return thread;
        });

    int moved = ROUNDS / threads * threads;
    assertThat(text("left")).contains(Integer.toString(100 - moved));
    assertThat(text("right")).contains(Integer.toString(100 + moved));
  }

  private void moveOneUntilDone() {
    TransactionOutcome outcome;
    do {
      List<TransactionResult> now = committed(get(Key.of("left")), get(Key.of("right"))).results();
      Entry left = found(now.get(0)).orElseThrow();
      Entry right = found(now.get(1)).orElseThrow();
      outcome =
          transact(
              check("left", is(left.modifyRevision())),
              check("right", is(right.modifyRevision())),
              putting("left", Integer.toString(Integer.parseInt(left.value().toText()) - 1)),
              putting("right", Integer.toString(Integer.parseInt(right.value().toText()) + 1)));
    } while (outcome instanceof TransactionOutcome.RolledBack);
  }

  @Test
  void lostAnswer_isWholeAndNeverDoneTwice() {
    put("a", "0");
    harness().loseNextAnswer();

    try {
      assertThat(Await.change(store().transact(pair("1"))))
          .isInstanceOf(TransactionOutcome.Committed.class);
    } catch (OutcomeUnknownException named) {
      assertThat(named.advice()).isEqualTo(StoreException.Advice.READ_THEN_DECIDE);
    }

    assertThat(text("a")).isEqualTo(text("b"));
    assertThat(get("b").map(Entry::version)).contains(get("a").orElseThrow().version() - 1);
  }

  @Test
  void lostRequest_isDoneOnceOrNamed() {
    harness().loseNextRequest();

    try {
      assertThat(Await.change(store().transact(pair("1"))))
          .isInstanceOf(TransactionOutcome.Committed.class);
      assertThat(get("b").orElseThrow().version()).isEqualTo(1);
    } catch (OutcomeUnknownException | UnavailableException named) {
      assertThat(get("a")).isEmpty();
    }

    assertThat(text("a")).isEqualTo(text("b"));
  }

  @Test
  void severalKeys_areSeenTogether() throws Exception {
    Await.change(store().transact(pairBelow("0")));
    AtomicBoolean done = new AtomicBoolean();
    Callable<Integer> writer =
        () -> {
          try {
            for (int i = 1; i <= ROUNDS; i++) {
              Await.change(store().transact(pairBelow("v" + i)));
            }
            return ROUNDS;
          } finally {
            done.set(true);
          }
        };
    Callable<Integer> reader = () -> readPairsUntil(done);

    Together.all(harness().patience(), List.of(writer, reader, reader));

    assertThat(text("p/a")).contains("v" + ROUNDS);
  }

  private int readPairsUntil(AtomicBoolean done) {
    while (!done.get()) {
      List<String> values =
          Await.read(store().list(ListRequest.of(tree("p")), Freshness.LINEARIZABLE))
              .entries()
              .stream()
              .map(entry -> entry.value().toText())
              .toList();
      assertThat(values).hasSize(2);
      assertThat(values.getFirst()).isEqualTo(values.getLast());
    }
    return ROUNDS;
  }

  private static TransactionRequest pairBelow(String value) {
    return TransactionRequest.of(putting("p/a", value), putting("p/b", value));
  }

  @Test
  void rolledBack_leavesNothing() throws InterruptedException {
    Entry c = put("c", "1");
    TransactionRequest request =
        TransactionRequest.of(
            putting("a", "1"),
            putting("c", "2"),
            deleting(prefix("c")),
            check("b", Precondition.PRESENT),
            putting("d", "1"));
    Revision before = revision();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome outcome = Await.change(store().transact(request));

    Refused refused = failure((TransactionOutcome.RolledBack) outcome, 3);
    assertThat(refused.reason()).isEqualTo(Refused.Reason.MISSING);
    assertThat(revision()).isEqualTo(before);
    assertThat(entries()).containsExactly(c);
    put("last", "");
    assertThat(changes.before("last")).isEmpty();
    assertThat(put("a", "1").version()).isEqualTo(1);
  }

  @Test
  void laterOperations_seeWhatEarlierOnesDid() {
    put("a", "0");
    TransactionRequest request =
        TransactionRequest.of(
            putting("a", "1"),
            get(Key.of("a")),
            check("a", new Precondition.ValueIs(bytes("1"))),
            deleting("a"),
            check("a", Precondition.ABSENT),
            putting(value("a", "2").withPrecondition(Precondition.ABSENT)),
            putting("b", "3"),
            deleting(prefix("a")),
            listing(Range.all()));
    List<TransactionResult> results =
        ((TransactionOutcome.Committed) Await.change(store().transact(request))).results();

    assertThat(found(results.get(1))).contains(stored(results.get(0)).entry());
    assertThat(stored(results.get(5)).entry().version()).isEqualTo(1);
    assertThat(((RangeDeleted) results.get(7)).count()).isEqualTo(1);
    assertThat(get("a")).isEmpty();
    assertThat(text("b")).contains("3");
  }

  @Test
  void failures_areOfWhatEarlierOperationsLeft() {
    TransactionRequest request =
        TransactionRequest.of(
            putting("a", "1"),
            putting(value("a", "2").withPrecondition(is(new Revision(1L << 60)))),
            check("a", Precondition.ABSENT),
            putting("b", "1"));
    TransactionOutcome.RolledBack outcome =
        (TransactionOutcome.RolledBack) Await.change(store().transact(request));

    List<Refused.Reason> reasons = new ArrayList<>();
    outcome.failures().forEach(failure -> reasons.add(failure.refused().reason()));
    assertThat(outcome.failures().stream().map(TransactionOutcome.Failure::operation))
        .containsExactly(1, 2);
    assertThat(reasons).containsExactly(Refused.Reason.CHANGED, Refused.Reason.EXISTS);
    assertThat(get("a")).isEmpty();
    assertThat(get("b")).isEmpty();
  }
}
