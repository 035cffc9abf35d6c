package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 9: whoever takes a session up keeps those out who had it before. */
abstract class TakenUpContract extends TransactionGroup {
  TakenUpContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static TransactionOperation alive(SessionId id) {
    return new TransactionOperation.CheckSession(id, Optional.empty());
  }

  private static TransactionOperation unchanged(Session session) {
    return new TransactionOperation.CheckSession(
        session.id(), Optional.of(session.modifyRevision()));
  }

  private Session begun() {
    SessionSpec spec = SessionSpec.random().withName("n\u00e4me").withNote("as it is");
    return Await.change(sessions().create(spec));
  }

  private Session takenUp(SessionId id) {
    return Await.change(sessions().takeUp(id)).orElseThrow();
  }

  @Test
  void takeUp_isAChangeOfTheSession() {
    Session first = begun();
    Revision before = put("a", "1").modifyRevision();

    Session second = takenUp(first.id());

    assertThat(second.modifyRevision()).isGreaterThan(before);
    assertThat(second.spec()).isEqualTo(first.spec());
    assertThat(second.createRevision()).isEqualTo(first.createRevision());
    assertThat(session(first.id())).contains(second);
    assertThat(put("a", "2").modifyRevision()).isGreaterThan(second.modifyRevision());
  }

  @Test
  void takeUp_again_isAnotherChange() {
    SessionId id = session();

    Session second = takenUp(id);

    assertThat(takenUp(id).modifyRevision()).isGreaterThan(second.modifyRevision());
  }

  @Test
  void takeUp_whereThereIsNone_isEmpty() {
    SessionId ended = session();
    Await.change(sessions().destroy(ended));

    assertThat(Await.change(sessions().takeUp(ended))).isEmpty();
    assertThat(Await.change(sessions().takeUp(SessionId.random()))).isEmpty();
    assertThat(session(ended)).isEmpty();
  }

  @Test
  void takeUp_leavesWhatTheSessionHolds() {
    SessionId id = session();
    acquired("a", id);

    takenUp(id);

    assertThat(lock("a").isHeldBy(id)).isTrue();
    Await.change(sessions().destroy(id));
    awaitFree("a");
  }

  @Test
  void takeUp_isNoBeginning() throws InterruptedException {
    SessionId id = session();
    Revision changed = Await.read(sessions().get(id, Freshness.LINEARIZABLE)).changed();

    takenUp(id);

    SessionLookup now = Await.read(sessions().get(id, Freshness.LINEARIZABLE));
    assertThat(now.changed()).isEqualTo(changed);
    assertThat(Await.interruptibly(sessions().awaitChange(changed, Duration.ZERO))).isFalse();
  }

  @Test
  void restart_itStaysTakenUp() {
    Session first = begun();
    Session second = takenUp(first.id());
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertThat(session(first.id())).contains(second);
    assertThat(failure(rolledBack(unchanged(first)), 0).reason()).isEqualTo(Refused.Reason.CHANGED);
    committed(unchanged(second));
  }

  @Test
  void check_letsOthersPutWhileTheSessionLives() {
    Session session = begun();

    committed(alive(session.id()), putting("a", "1"));
    committed(unchanged(session), putting("a", "2"));
    Await.change(sessions().renew(session.id()));
    committed(unchanged(session), putting("a", "3"));

    assertThat(text("a")).contains("3");
  }

  @Test
  void check_ofASessionThatHasEnded_isRefused() {
    Session session = begun();
    put("a", "1");
    Await.change(sessions().destroy(session.id()));

    assertThat(failure(rolledBack(alive(session.id()), putting("a", "late")), 0).reason())
        .isEqualTo(Refused.Reason.NO_SESSION);
    Refused refused = failure(rolledBack(putting("a", "late"), unchanged(session)), 1);

    assertThat(refused.reason()).isEqualTo(Refused.Reason.NO_SESSION);
    assertThat(refused.entry()).isEmpty();
    assertThat(text("a")).contains("1");
  }

  @Test
  void check_ofASessionThatWasTakenUpSince_isRefused() {
    Session former = begun();
    put("a", "1");
    Session now = takenUp(former.id());

    Refused refused = failure(rolledBack(unchanged(former), putting("a", "late")), 0);

    assertThat(refused.reason()).isEqualTo(Refused.Reason.CHANGED);
    assertThat(text("a")).contains("1");
    committed(unchanged(now), alive(former.id()), putting("a", "2"));
    assertThat(text("a")).contains("2");
  }
}
