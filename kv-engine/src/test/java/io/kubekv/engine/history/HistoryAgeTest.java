package io.kubekv.engine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.Effect;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HistoryAgeTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Decider decider = new Decider(Limits.DEFAULT);
  private final History history = new History(Long.MAX_VALUE);
  private State state = State.EMPTY;
  private long now = 17;
  private final HistoryAge age = new HistoryAge(history, HOUR, () -> now);

  private Effect put() {
    Request<?> put = new Request.Put(PutRequest.of(Key.of("a"), Bytes.utf8("v")));
    Effect effect = decider.decide(put, state, NOW).effects().getFirst();
    state = effect.after();
    return effect;
  }

  private void passes(Duration time) {
    now += time.toNanos();
    age.look();
  }

  @Test
  void look_beforeTheAge_forgetsNothing() {
    age.look();
    history.add(put());
    passes(Duration.ofMinutes(1));
    passes(HOUR.minusNanos(1));

    assertThat(history.oldest()).isEqualTo(new Revision(1));
  }

  @Test
  void look_afterTheAge_forgetsWhatIsOlderAndNoMore() {
    age.look();
    history.add(put());
    history.add(put());
    passes(Duration.ofMinutes(10));
    history.add(put());
    passes(HOUR);

    assertThat(history.oldest()).isEqualTo(new Revision(3));
    assertThat(history.at(new Revision(3))).contains(state);
  }

  /** What happens between two looks is as old as the later of them says. */
  @Test
  void look_often_keepsEachRevisionAsLongAsTheAgeAndLittleLonger() {
    for (int minute = 1; minute <= 300; minute++) {
      history.add(put());
      passes(Duration.ofMinutes(1));
      assertThat(minute - history.oldest().value() + 1)
          .as("revisions of the last minutes, at minute %s", minute)
          .isBetween(Math.min(minute, 60L), 66L);
    }
  }

  /** Revisions may go back when a backup is put back; what was noted before means others. */
  @Test
  void restart_whatComesAfterItIsNotForgottenForWhatWasBefore() {
    State early = put().after();
    history.restart(early);
    for (int i = 0; i < 10; i++) {
      history.add(put());
    }
    passes(Duration.ofMinutes(10));
    state = early;
    history.restart(early);
    passes(Duration.ofMinutes(55));
    history.add(put());
    passes(Duration.ofMinutes(10));

    assertThat(history.oldest()).isEqualTo(early.revision().next());
  }
}
