package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 9: sessions live as long as they are renewed, and everybody sees the same ones. */
abstract class SessionContract extends SessionGroup {
  private static final int STEPS = 8;

  SessionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static SessionSpec mortal() {
    return SessionSpec.random().withTimeToLive(TTL);
  }

  @Test
  void create_isSeenAsItWasSaid() {
    SessionSpec spec =
        mortal()
            .withName("n\u00e4me")
            .withBehavior(SessionBehavior.DELETE)
            .withLockDelay(Duration.ofMillis(1500))
            .withNote("kept; as=it is");

    Session session = Await.change(sessions().create(spec));

    assertThat(session.spec()).isEqualTo(spec);
    assertThat(session(spec.id())).contains(session);
    assertThat(Await.read(sessions().list(Freshness.LINEARIZABLE)).sessions())
        .containsExactly(session);
  }

  @Test
  void create_isAChange() {
    Revision before = put("a", "1").modifyRevision();

    Session session = Await.change(sessions().create(SessionSpec.random()));

    assertThat(session.createRevision()).isGreaterThan(before);
    assertThat(session.modifyRevision()).isEqualTo(session.createRevision());
    assertThat(put("a", "2").modifyRevision()).isGreaterThan(session.createRevision());
  }

  @Test
  void create_sameIdAgain_changesNothing() {
    Session session = Await.change(sessions().create(SessionSpec.random().withName("first")));

    Session again =
        Await.change(sessions().create(SessionSpec.of(session.id()).withName("second")));

    assertThat(again).isEqualTo(session);
    assertThat(session(session.id())).contains(session);
  }

  @Test
  void createWhoseAnswerIsLost_canBeSentAgain() {
    SessionSpec spec = SessionSpec.random();
    harness().loseNextAnswer();
    Optional<Session> first;
    try {
      first = Optional.of(Await.change(sessions().create(spec)));
    } catch (OutcomeUnknownException unknown) {
      first = Optional.empty();
    }

    Session again = Await.change(sessions().create(spec));

    first.ifPresent(known -> assertThat(again).isEqualTo(known));
    assertThat(Await.read(sessions().list(Freshness.LINEARIZABLE)).sessions())
        .containsExactly(again);
  }

  @Test
  void unknown_isAbsentEverywhere() {
    SessionId nobody = SessionId.random();

    assertThat(session(nobody)).isEmpty();
    assertThat(Await.change(sessions().renew(nobody))).isEmpty();
    assertThat(Await.change(sessions().destroy(nobody))).isFalse();
  }

  @Test
  void list_isOrderedById() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(session());
    }
    ids.sort(Comparator.naturalOrder());

    SessionListing listing = Await.read(sessions().list(Freshness.LINEARIZABLE));

    assertThat(listing.sessions().stream().map(Session::id)).containsExactlyElementsOf(ids);
  }

  @Test
  void destroyed_isGone() {
    SessionId id = session();
    SessionId other = session();

    assertThat(Await.change(sessions().destroy(id))).isTrue();

    assertThat(session(id)).isEmpty();
    assertThat(Await.change(sessions().renew(id))).isEmpty();
    assertThat(Await.change(sessions().destroy(id))).isFalse();
    assertThat(
            Await.read(sessions().list(Freshness.LINEARIZABLE)).sessions().stream()
                .map(Session::id))
        .containsExactly(other);
  }

  @Test
  void session_livesTwiceItsTimeAndNoLonger() {
    long before = harness().clock().nanos();
    SessionId id = begun(mortal());

    assertNotEarly(id, before);
    pass(TTL.dividedBy(2).plus(harness().clock().tolerance()));

    assertThat(session(id)).as("a session out of its time and the tolerance").isEmpty();
  }

  @Test
  void renewal_startsTheTimeAnew() {
    SessionId id = begun(mortal());
    pass(TTL);
    long before = harness().clock().nanos();

    assertThat(Await.change(sessions().renew(id)).orElseThrow().id()).isEqualTo(id);

    assertNotEarly(id, before);
    pass(TTL);
    awaitEnd(id);
  }

  @Test
  void takeUp_startsTheTimeAnew() {
    SessionId id = begun(mortal());
    pass(TTL);
    long before = harness().clock().nanos();

    assertThat(Await.change(sessions().takeUp(id)).orElseThrow().id()).isEqualTo(id);

    assertNotEarly(id, before);
    pass(TTL);
    awaitEnd(id);
  }

  @Test
  void renewal_afterTheEnd_isEmpty() {
    SessionId id = begun(mortal());
    pass(TTL.multipliedBy(2));
    awaitEnd(id);

    assertThat(Await.change(sessions().renew(id))).isEmpty();
    assertThat(session(id)).isEmpty();
  }

  @Test
  void withoutTimeToLive_livesForEver() {
    SessionId immortal = session();
    SessionId mortal = begun(mortal());

    pass(TTL.multipliedBy(3));
    awaitEnd(mortal);

    assertThat(session(immortal)).isPresent();
    assertThat(Await.change(sessions().renew(immortal))).isPresent();
  }

  @Test
  void renewalAndEnd_racing_oneWins() throws Exception {
    for (int round = 0; round < 3; round++) {
      SessionId id = begun(mortal());
      AtomicLong asked = new AtomicLong();
      Callable<Optional<Session>> renewing =
          () -> {
            pass(TTL);
            asked.set(harness().clock().nanos());
            return Await.change(sessions().renew(id));
          };
      Callable<Optional<Session>> passing =
          () -> {
            pass(TTL);
            return Optional.empty();
          };

      Optional<Session> renewed =
          Together.all(harness().patience(), List.of(renewing, passing)).getFirst();

      if (renewed.isPresent()) {
        boolean lived = Await.change(sessions().destroy(id));
        long since = harness().clock().nanos() - asked.get(); // on a real clock it may be long
        assertThat(lived || since > TTL.toNanos())
            .as("a session that was renewed %s ago lives", Duration.ofNanos(since))
            .isTrue();
      } else {
        assertThat(session(id)).isEmpty();
      }
    }
  }

  @Test
  void restart_keepsSessionsAndDoesNotEndThemEarly() {
    SessionId immortal = session();
    long before = harness().clock().nanos();
    SessionId mortal = begun(mortal());
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertNotEarly(mortal, before);
    pass(TTL.multipliedBy(2));
    awaitEnd(mortal);
    assertThat(session(immortal)).isPresent();
  }

  @Test
  void unreachable_becomesUnavailableAndNeverAbsent() {
    SessionId id = session();
    harness().makeUnavailable();

    eventually("no session can be known", () -> isUnavailable(id));

    harness().heal();
    eventually("the store is ready", () -> store().status().ready());
    assertThat(session(id)).isPresent();
  }

  private boolean isUnavailable(SessionId id) {
    try {
      assertThat(session(id)).as("a session that nobody has ended").isPresent();
      assertThat(Await.change(sessions().renew(id)))
          .as("a session that nobody has ended")
          .isPresent();
      return false;
    } catch (UnavailableException said) {
      return true;
    }
  }

  @Test
  void awaitChange_beginningsAndEnds_areTold() throws InterruptedException {
    SessionId id = session();
    Revision first = Await.read(sessions().get(id, Freshness.LINEARIZABLE)).changed();
    Thread begin = Thread.startVirtualThread(this::session);

    assertThat(Await.interruptibly(sessions().awaitChange(first, harness().patience()))).isTrue();
    begin.join();

    Revision second = Await.read(sessions().list(Freshness.LINEARIZABLE)).changed();
    assertThat(second).isGreaterThan(first);
    Thread end = Thread.startVirtualThread(() -> Await.change(sessions().destroy(id)));
    assertThat(Await.interruptibly(sessions().awaitChange(second, harness().patience()))).isTrue();
    end.join();
    assertThat(Await.read(sessions().list(Freshness.LINEARIZABLE)).changed()).isGreaterThan(second);
  }

  @Test
  void awaitChange_nothingButPutsAndRenewals_isFalse() throws InterruptedException {
    SessionId id = session();
    Revision changed = Await.read(sessions().list(Freshness.LINEARIZABLE)).changed();
    put("a", "1");
    Await.change(sessions().renew(id));

    assertThat(Await.interruptibly(sessions().awaitChange(changed, Duration.ofMillis(50))))
        .isFalse();
    assertThat(Await.interruptibly(sessions().awaitChange(changed, Duration.ZERO))).isFalse();
  }

  /** Steps through three quarters of twice the time to live; who is missing must be out of time. */
  private void assertNotEarly(SessionId id, long from) {
    Duration life = TTL.multipliedBy(2);
    for (int step = 0; step < STEPS - 2; step++) {
      pass(life.dividedBy(STEPS));
      boolean missing = session(id).isEmpty();
      long elapsed = harness().clock().nanos() - from;
      assertThat(missing && elapsed < life.toNanos())
          .as("the session is missing after %s of %s", Duration.ofNanos(elapsed), life)
          .isFalse();
    }
  }
}
