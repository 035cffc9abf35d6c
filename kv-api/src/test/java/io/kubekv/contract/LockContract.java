package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.LockState;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Refused.Reason;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 9: at most one session holds a key, and who holds it is part of the entry. */
abstract class LockContract extends SessionGroup {
  LockContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void acquire_absentKey_makesItHeld() {
    SessionId session = session();

    Entry entry = stored(acquisition("a", "1", session)).entry();

    assertThat(entry.lock())
        .isEqualTo(
            new LockState(
                Optional.of(session), 1, Optional.of(entry.modifyRevision()), Optional.empty()));
    assertThat(entry.version()).isEqualTo(1);
    assertThat(get("a")).contains(entry);
  }

  @Test
  void acquire_freeKey_keepsItsCreation() {
    Entry before = put("a", "1");
    SessionId session = session();

    Entry entry = stored(acquisition("a", "2", session)).entry();

    assertThat(entry.createRevision()).isEqualTo(before.createRevision());
    assertThat(entry.value()).isEqualTo(bytes("2"));
    assertThat(entry.lock().isHeldBy(session)).isTrue();
  }

  @Test
  void acquire_byTheHolder_isAPutThatKeepsTheToken() {
    SessionId session = session();
    Revision token = acquired("a", session);

    Entry again = stored(acquisition("a", "2", session)).entry();

    assertThat(again.value()).isEqualTo(bytes("2"));
    assertThat(again.modifyRevision()).isGreaterThan(token);
    assertThat(again.lock().lockIndex()).isEqualTo(1);
    assertThat(again.lock().acquireRevision()).contains(token);
  }

  @Test
  void acquire_heldByAnother_isRefusedWithTheEntry() {
    acquired("a", session());
    Entry held = get("a").orElseThrow();

    Refused refused = refused(acquisition("a", "2", session()), Reason.HELD);

    assertThat(refused.entry()).contains(held);
    assertThat(get("a")).contains(held);
  }

  @Test
  void acquire_byNobody_isRefused() {
    refused(acquisition("a", "1", SessionId.random()), Reason.NO_SESSION);

    assertThat(get("a")).isEmpty();
  }

  @Test
  void acquire_preconditionFails_isNotHeld() {
    Entry entry = put("a", "1");
    Precondition absent = Precondition.ABSENT;

    refused(acquisition("a", "2", session()).withPrecondition(absent), Reason.EXISTS);

    assertThat(get("a")).contains(entry);
  }

  @Test
  void release_byTheHolder_freesAndPuts() {
    SessionId session = session();
    acquired("a", session);

    Entry free = stored(release("a", "bye", session)).entry();

    assertThat(free.value()).isEqualTo(bytes("bye"));
    assertThat(free.lock())
        .isEqualTo(new LockState(Optional.empty(), 1, Optional.empty(), Optional.empty()));
  }

  @Test
  void release_byAnother_isRefused() {
    acquired("a", session());
    Entry held = get("a").orElseThrow();

    assertThat(refused(release("a", "2", session()), Reason.NOT_HELD).entry()).contains(held);
    refused(release("a", "2", SessionId.random()), Reason.NOT_HELD);

    assertThat(get("a")).contains(held);
  }

  @Test
  void release_ofAFreeOrMissingKey_isRefused() {
    put("a", "1");

    refused(release("a", "2", session()), Reason.NOT_HELD);
    refused(release("b", "2", session()), Reason.NOT_HELD);

    assertThat(text("a")).contains("1");
    assertThat(get("b")).isEmpty();
  }

  @Test
  void afterRelease_anotherAcquiresAtOnce() {
    SessionId first = session();
    Revision token = acquired("a", first);
    stored(release("a", "", first));

    assertThat(acquired("a", session())).isGreaterThan(token);
    assertThat(lock("a").lockIndex()).isEqualTo(2);
  }

  @Test
  void put_onAHeldKey_keepsTheHolder() {
    SessionId session = session();
    Revision token = acquired("a", session);
    LockState kept = new LockState(Optional.of(session), 0, Optional.of(token), Optional.empty());

    assertThat(stored(value("a", "2")).entry().lock()).isEqualTo(kept);
    assertThat(stored(value("a", "3").withMode(PutMode.REPLACE)).entry().lock()).isEqualTo(kept);
    Precondition present = Precondition.PRESENT;
    assertThat(stored(value("a", "4").withPrecondition(present)).entry().lock()).isEqualTo(kept);
  }

  @Test
  void refresh_ofAHeldKey_changesNothingOfTheLock() {
    SessionId session = session();
    stored(acquisition("a", "1", session).withTimeToLive(Duration.ofHours(1)));
    LockState held = lock("a");

    LockState refreshed =
        stored(value("a", "").withMode(PutMode.REFRESH).withTimeToLive(Duration.ofHours(2)))
            .entry()
            .lock();

    assertThat(refreshed).isEqualTo(held);
  }

  @Test
  void delete_ofAHeldKey_endsTheLockAndNotTheSession() {
    SessionId session = session();
    acquired("a", session);

    deleted(removal("a"));

    assertThat(session(session)).isPresent();
    acquired("a", session());
    assertThat(lock("a").lockIndex()).isEqualTo(1);
  }

  @Test
  void handOver_isOneChange() throws InterruptedException {
    SessionId first = session();
    SessionId next = session();
    Revision token = acquired("a", first);
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Entry entry = stored(handOver("a", "yours", first, next)).entry();
    put("last", "");

    assertThat(changes.before("last")).hasSize(1);
    assertThat(entry.lock().isHeldBy(next)).isTrue();
    assertThat(entry.lock().lockIndex()).isEqualTo(2);
    assertThat(entry.lock().acquireRevision()).contains(entry.modifyRevision());
    assertThat(entry.modifyRevision()).isGreaterThan(token);
    refused(release("a", "", first), Reason.NOT_HELD);
  }

  @Test
  void handOver_thatCannotBe_leavesTheHolder() {
    SessionId first = session();
    acquired("a", first);
    Entry held = get("a").orElseThrow();

    refused(handOver("a", "", first, SessionId.random()), Reason.NO_SESSION);
    refused(handOver("a", "", session(), first), Reason.NOT_HELD);

    assertThat(get("a")).contains(held);
  }

  @Test
  void contenders_oneWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "a" + round;
      List<Callable<PutOutcome>> contenders = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        SessionId session = session();
        contenders.add(
            () -> Await.change(store().put(acquisition(key, session.toString(), session))));
      }

      List<PutOutcome> outcomes = Together.all(harness().patience(), contenders);

      assertThat(outcomes).filteredOn(outcome -> outcome instanceof PutOutcome.Stored).hasSize(1);
      assertThat(lock(key).holder().map(SessionId::toString)).isEqualTo(text(key));
    }
  }

  @Test
  void tokens_onlyGrow() {
    List<Revision> tokens = new ArrayList<>();
    SessionId first = session();
    tokens.add(acquired("a", first));
    SessionId second = session();
    stored(handOver("a", "", first, second));
    tokens.add(lock("a").acquireRevision().orElseThrow());
    stored(release("a", "", second));
    tokens.add(acquired("a", first));
    Await.change(sessions().destroy(first));
    tokens.add(acquired("a", second));
    deleted(removal("a"));
    tokens.add(acquired("a", session()));

    assertThat(tokens).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void watch_tellsWhyTheKeyChanged() throws InterruptedException {
    SessionId session = session();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    acquired("a", session);
    put("a", "2");
    stored(release("a", "3", session));

    WatchEvent.Put acquired = changes.nextPut();
    assertThat(acquired.cause()).isEqualTo(Cause.ACQUIRE);
    assertThat(acquired.entry().lock().acquireRevision()).contains(acquired.revision());
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.SET);
    WatchEvent.Put released = changes.nextPut();
    assertThat(released.cause()).isEqualTo(Cause.RELEASE);
    assertThat(released.previous().orElseThrow().lock().isHeldBy(session)).isTrue();
  }

  @Test
  void restart_keepsLocks() {
    SessionId session = session();
    acquired("a", session);
    LockState held = lock("a");
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertThat(lock("a")).isEqualTo(held);
    refused(acquisition("a", "", session()), Reason.HELD);
    stored(release("a", "", session));
  }
}
