package io.kubekv.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClocksTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);
  private static final Duration WHOLE = Duration.ofNanos(100);

  private final Decider decider = new Decider(Limits.DEFAULT);
  private State state = State.EMPTY;

  private void put(String key) {
    PutRequest put = PutRequest.of(Key.of(key), Bytes.EMPTY).withTimeToLive(WHOLE);
    state = decider.decide(new Request.Put(put), state, NOW).after();
  }

  private void passes(long clock, Revision seen, Map<SessionId, Long> ends) {
    state = decider.decide(new Request.PassTime(clock, seen, ends), state, NOW).after();
  }

  private long left(String key) {
    Entry entry = state.get(Key.of(key)).orElseThrow();
    return state.clocks().left(entry, entry.expiry().orElseThrow()).toNanos();
  }

  /** Its time begins when it is back from the log, and not when it is decided. */
  @Test
  void putThatHasNotComeBack_hasItsWholeTime() {
    put("a");
    Revision seen = state.revision();
    put("b");
    passes(10, seen, Map.of());
    passes(30, seen, Map.of());

    assertThat(left("a")).isEqualTo(80);
    assertThat(left("b")).isEqualTo(100);
    passes(40, state.revision(), Map.of());
    passes(45, state.revision(), Map.of());
    assertThat(left("b")).isEqualTo(95);
  }

  @Test
  void putAgain_hasItsWholeTimeAgain() {
    put("a");
    passes(10, state.revision(), Map.of());
    passes(50, state.revision(), Map.of());
    put("a");

    assertThat(left("a")).isEqualTo(100);
  }

  @Test
  void clock_neverGoesBack() {
    put("a");
    passes(10, state.revision(), Map.of());
    State before = state;
    passes(9, state.revision(), Map.of());

    assertThat(state).isEqualTo(before);
  }

  @Test
  void renewal_takesBackWhatWasRecordedAndNothingElse() {
    SessionId id = SessionId.random();
    SessionSpec spec = SessionSpec.of(id).withTimeToLive(WHOLE);
    state = decider.decide(new Request.BeginSession(spec), state, NOW).after();
    assertThat(decider.decide(new Request.RenewSession(id), state, NOW).commits()).isEmpty();
    passes(10, state.revision(), Map.of(id, 70L, SessionId.random(), 80L));

    assertThat(state.clocks().left(id)).contains(Duration.ofNanos(60));
    assertThat(state.clocks().ends()).hasSize(1);
    state = decider.decide(new Request.RenewSession(id), state, NOW).after();
    assertThat(state.clocks().left(id)).isEmpty();
  }
}
