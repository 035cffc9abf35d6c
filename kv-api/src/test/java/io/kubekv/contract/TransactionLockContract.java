package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOutcome;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Promise 9 within transactions: who holds a key can be checked with the change that relies on it.
 */
abstract class TransactionLockContract extends TransactionGroup {
  TransactionLockContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void acquisition_inATransaction_holdsTheKey() {
    SessionId mine = session();

    TransactionOutcome.Committed outcome = committed(putting(acquisition("a", "1", mine)));

    assertThat(lock("a").isHeldBy(mine)).isTrue();
    assertThat(lock("a").acquireRevision()).contains(outcome.revision());
    SessionId other = session();
    Refused refused = failure(rolledBack(putting(acquisition("a", "2", other))), 0);
    assertThat(refused.reason()).isEqualTo(Refused.Reason.HELD);
    assertThat(refused.entry()).isEqualTo(get("a"));
  }

  @Test
  void checkHolder_letsOnlyTheHolderPut() {
    SessionId mine = session();
    SessionId other = session();
    acquired("a", mine);

    committed(checkHeldBy("a", mine), putting("a", "mine"));
    Refused refused = failure(rolledBack(checkHeldBy("a", other), putting("a", "other")), 0);

    assertThat(refused.reason()).isEqualTo(Refused.Reason.NOT_HELD);
    assertThat(refused.entry()).isEqualTo(get("a"));
    assertThat(text("a")).contains("mine");
    assertThat(lock("a").isHeldBy(mine)).isTrue();
  }

  @Test
  void checkHolder_ofNobody_wantsAFreeKey() {
    SessionId mine = session();
    put("free", "1");
    acquired("held", mine);

    committed(checkFree("free"), putting("free", "2"));
    assertThat(failure(rolledBack(checkFree("held"), putting("held", "2")), 0).reason())
        .isEqualTo(Refused.Reason.HELD);
    assertThat(failure(rolledBack(checkFree("none"), putting("none", "2")), 0).reason())
        .isEqualTo(Refused.Reason.MISSING);
    assertThat(get("none")).isEmpty();
  }

  @Test
  void checkHolder_ofASessionThatHasEnded_isRefused() {
    SessionId mine = session();
    acquired("a", mine);
    Await.change(sessions().destroy(mine));

    Refused refused = failure(rolledBack(checkHeldBy("a", mine), putting("a", "late")), 0);

    assertThat(refused.reason()).isEqualTo(Refused.Reason.NOT_HELD);
    assertThat(text("a")).contains("held");
  }

  @Test
  void fence_inATransaction_keepsFormerHoldersOut() {
    Revision former = acquired("lock", session());
    stored(value("a", "1").withFence(former.next()));

    Refused refused = failure(rolledBack(putting(value("a", "2").withFence(former))), 0);

    assertThat(refused.reason()).isEqualTo(Refused.Reason.FENCED);
    assertThat(text("a")).contains("1");
  }
}
