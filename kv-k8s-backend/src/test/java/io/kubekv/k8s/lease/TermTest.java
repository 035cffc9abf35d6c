package io.kubekv.k8s.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TermTest {
  private static final Duration LEASE = Duration.ofSeconds(6);

  private final HeldUpClocks clocks = new HeldUpClocks();

  @Test
  void isValid_heldUpBetweenTwoClocks_isNotTakenForASuspension() {
    Term term = new Term(1, clocks, Term.Sent.now(clocks), LEASE);
    clocks.holdUp(2);

    assertThat(term.isValid()).isTrue();
  }

  @Test
  void isValid_heldUpUntilTheLeaseRanOut_isFalse() {
    Term term = new Term(1, clocks, Term.Sent.now(clocks), Duration.ofSeconds(1));
    clocks.holdUp(3);

    assertThat(term.isValid()).isFalse();
  }

  @Test
  void isValid_afterASuspension_isFalseForGood() {
    Term term = new Term(1, clocks, Term.Sent.now(clocks), LEASE);
    clocks.suspend();

    assertThat(term.isValid()).isFalse();
    assertThat(term.renewed(Term.Sent.now(clocks), LEASE)).isFalse();
  }

  @Test
  void sentNow_heldUpBetweenTwoClocks_readsThemAgain() {
    clocks.holdUp(1);

    Term.Sent sent = Term.Sent.now(clocks);

    assertThat(Duration.ofNanos(sent.nanos()))
        .isEqualTo(sent.boot())
        .isEqualTo(Duration.between(Instant.EPOCH, sent.wall()));
  }

  /** All clocks run together, but now and then the thread is held up before it reads the second. */
  private static final class HeldUpClocks implements Clocks {
    private static final Duration HELD_UP = Duration.ofMillis(400);
    private Duration ran = Duration.ZERO;
    private Duration suspended = Duration.ZERO;
    private int times;

    void holdUp(int howOften) {
      times = howOften;
    }

    void suspend() {
      suspended = suspended.plus(HELD_UP);
    }

    @Override
    public long nanoTime() {
      return ran.toNanos();
    }

    @Override
    public Instant wall() {
      if (times > 0) {
        times--;
        ran = ran.plus(HELD_UP);
      }
      return Instant.EPOCH.plus(ran).plus(suspended);
    }

    @Override
    public Duration sinceBoot() {
      return ran.plus(suspended);
    }
  }
}
