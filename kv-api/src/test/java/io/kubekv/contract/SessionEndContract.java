package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.ListRequest;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.Refused.Reason;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promise 9: what a session held is free from its end on, then released or deleted. */
abstract class SessionEndContract extends SessionGroup {
  private static final Duration DELAY = Duration.ofSeconds(2);

  SessionEndContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static SessionSpec deleting() {
    return SessionSpec.random().withBehavior(SessionBehavior.DELETE);
  }

  private static SessionSpec delaying() {
    return SessionSpec.random().withLockDelay(DELAY);
  }

  @Test
  void destroy_releasing_keepsTheEntry() throws InterruptedException {
    SessionId session = session();
    acquired("a", session);
    Entry held = get("a").orElseThrow();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Await.change(sessions().destroy(session));
    awaitFree("a");

    WatchEvent.Put event = changes.nextPut();
    assertThat(event.cause()).isEqualTo(Cause.SESSION_END);
    assertThat(event.previous()).contains(held);
    assertThat(get("a")).contains(event.entry());
    assertThat(event.entry().value()).isEqualTo(held.value());
    assertThat(event.entry().lock()).isEqualTo(held.lock().released());
    assertThat(event.entry().createRevision()).isEqualTo(held.createRevision());
  }

  @Test
  void destroy_deleting_deletesTheEntry() throws InterruptedException {
    SessionId session = begun(deleting());
    acquired("a", session);
    Entry held = get("a").orElseThrow();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Await.change(sessions().destroy(session));
    eventually("a is deleted", () -> get("a").isEmpty());

    WatchEvent.Delete event = changes.nextDelete();
    assertThat(event.cause()).isEqualTo(Cause.SESSION_END);
    assertThat(event.previous()).isEqualTo(held);
  }

  @Test
  void expiry_releasesAndDeletes() {
    SessionId releasing = begun(SessionSpec.random().withTimeToLive(TTL));
    SessionId deleting = begun(deleting().withTimeToLive(TTL));
    acquired("a", releasing);
    acquired("b", deleting);

    pass(TTL.multipliedBy(2));
    awaitEnd(releasing);
    awaitEnd(deleting);

    awaitFree("a");
    eventually("b is deleted", () -> get("b").isEmpty());
    assertThat(text("a")).contains("held");
  }

  @Test
  void fromTheEndOn_theKeyIsFree() {
    for (int round = 0; round < 5; round++) {
      SessionId first = session();
      acquired("a", first);

      Await.change(sessions().destroy(first));

      SessionId second = session();
      acquired("a", second);
      stored(release("a", "", second));
    }
  }

  @Test
  void fromTheEndOn_theSessionReleasesNothing() {
    SessionId session = session();
    acquired("a", session);

    Await.change(sessions().destroy(session));

    refused(release("a", "late", session), Reason.NOT_HELD);
    refused(acquisition("a", "late", session), Reason.NO_SESSION);
    assertThat(text("a")).contains("held");
  }

  @Test
  void lockDelay_afterAnEnd_keepsTheKeyFromBeingAcquired() {
    SessionId first = begun(delaying());
    SessionId second = session();
    acquired("a", first);
    long before = harness().clock().nanos();

    Await.change(sessions().destroy(first));

    assertDelayed("a", second, before);
    put("a", "anybody may put");
    awaitFree("a");
    assertDelayed("a", second, before);
    pass(DELAY);
    acquired("a", second);
  }

  @Test
  void lockDelay_afterADeletion_countsForTheKey() {
    SessionId first = begun(delaying().withBehavior(SessionBehavior.DELETE));
    SessionId second = session();
    acquired("a", first);
    long before = harness().clock().nanos();

    Await.change(sessions().destroy(first));

    eventually("a is deleted", () -> get("a").isEmpty());
    assertDelayed("a", second, before);
    pass(DELAY);
    acquired("a", second);
  }

  @Test
  void lockDelay_afterARelease_isNone() {
    SessionId first = begun(delaying());
    acquired("a", first);
    stored(release("a", "", first));

    SessionId second = session();
    acquired("a", second);
    Await.change(sessions().destroy(first));
    stored(release("a", "", second));

    acquired("a", session());
  }

  @Test
  void lockDelay_refused_saysForHowLong() {
    SessionId first = begun(delaying());
    SessionId second = session();
    acquired("a", first);
    Await.change(sessions().destroy(first));
    long before = harness().clock().nanos();

    PutOutcome outcome = Await.change(store().put(acquisition("a", "too early", second)));

    if (harness().clock().nanos() - before < DELAY.toNanos() / 2) {
      Duration left = refused(outcome, Reason.LOCK_DELAYED).delay().orElseThrow();
      assertThat(left).isPositive().isLessThanOrEqualTo(DELAY);
      pass(left);
    }
    acquired("a", second);
  }

  /** Refused for the delay, or the delay is over by the clock. */
  private void assertDelayed(String key, SessionId session, long from) {
    PutOutcome outcome = Await.change(store().put(acquisition(key, "too early", session)));
    if (harness().clock().nanos() - from < DELAY.toNanos()) {
      refused(outcome, Reason.LOCK_DELAYED);
    }
  }

  @Test
  void manyKeys_areAllReleasedOnce() throws InterruptedException {
    SessionId session = session();
    SessionId other = session();
    IntStream.range(0, 40).forEach(i -> acquired("k" + i, session));
    acquired("theirs", other);
    put("free", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Await.change(sessions().destroy(session));
    eventually("all are free", () -> noneHeldBy(session));
    put("last", "");

    assertThat(changes.before("last"))
        .hasSize(40)
        .allSatisfy(
            event -> assertThat(((WatchEvent.Put) event).cause()).isEqualTo(Cause.SESSION_END));
    assertThat(lock("theirs").isHeldBy(other)).isTrue();
  }

  private boolean noneHeldBy(SessionId session) {
    return Await.read(store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE))
        .entries()
        .stream()
        .noneMatch(entry -> entry.lock().isHeldBy(session));
  }

  @Test
  void restart_afterTheEnd_forgetsNoKey() {
    SessionId releasing = session();
    SessionId deleting = begun(deleting());
    IntStream.range(0, 10).forEach(i -> acquired("a" + i, releasing));
    IntStream.range(0, 10).forEach(i -> acquired("b" + i, deleting));
    Await.change(sessions().destroy(releasing));
    Await.change(sessions().destroy(deleting));
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    eventually("all are free", () -> noneHeldBy(releasing) && noneHeldBy(deleting));
    assertThat(ListContract.keys(store(), prefix("a"))).hasSize(10);
    assertThat(ListContract.keys(store(), prefix("b"))).isEmpty();
    assertThat(session(releasing)).isEmpty();
    assertThat(session(deleting)).isEmpty();
  }

  @Test
  void endAndAcquisition_racing_leaveNothingHeld() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "a" + round;
      SessionId session = session();
      Callable<Boolean> end = () -> Await.change(sessions().destroy(session));
      Callable<Boolean> acquisition =
          () ->
              Await.change(store().put(acquisition(key, "1", session)))
                  instanceof PutOutcome.Stored;

      List<Boolean> both = Together.all(harness().patience(), List.of(end, acquisition));

      assertThat(both.getFirst()).isTrue();
      if (both.getLast()) {
        awaitFree(key);
      } else {
        assertThat(get(key)).isEmpty();
      }
      acquired(key, session());
    }
  }

  /** Not even those who ended it, or took the lock. */
  @Test
  void end_isTheChangeOfNobody() throws Exception {
    var session = Await.change(store().sessions().create(SessionSpec.random()));
    stored(
        value("a", "1")
            .withLocking(new Locking.Acquire(session.id()))
            .withAuthor(new Author("consul", "alice")));
    Changes changes = watch(WatchRequest.fromNow(exact("a")));

    Await.change(store().sessions().destroy(session.id()));

    WatchEvent.Put freed = changes.nextPut();
    assertThat(freed.cause()).isEqualTo(Cause.SESSION_END);
    assertThat(freed.author()).isEqualTo(Author.NONE);
  }
}
