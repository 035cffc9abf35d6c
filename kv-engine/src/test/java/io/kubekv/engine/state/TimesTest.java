package io.kubekv.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Times;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Times by clocks that are not of one opinion. */
class TimesTest {
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
  private static final Duration YEARS = Duration.ofDays(3_650);

  private final Decider decider = new Decider(Limits.DEFAULT);
  private State state = decided(new Request.Found(1), State.EMPTY, NOON);

  private State decided(Request<?> request, State before, Instant wall) {
    return decider.decide(request, before, new Moment(wall, LockDelay::whole)).after();
  }

  /** The times of an entry that is put when the clock shows this. */
  private Times put(String key, Instant wall) {
    state = decided(new Request.Put(PutRequest.of(Key.of(key), Bytes.EMPTY)), state, wall);
    return state.get(Key.of(key)).orElseThrow().times();
  }

  private static Times both(Instant at) {
    return new Times(at.toEpochMilli(), at.toEpochMilli());
  }

  @Test
  void clockThatGoesBack_timesStandStillUntilItHasComeUp() {
    assertThat(put("a", NOON)).isEqualTo(both(NOON));

    assertThat(put("b", NOON.minusSeconds(59))).isEqualTo(both(NOON));
    assertThat(put("c", NOON.minusMillis(1))).isEqualTo(both(NOON));
    assertThat(put("d", NOON.plusMillis(1))).isEqualTo(both(NOON.plusMillis(1)));
  }

  @Test
  void clockThatWasFarAhead_isNotFollowed() {
    put("a", NOON);
    assertThat(put("b", NOON.plus(YEARS))).isEqualTo(both(NOON.plus(YEARS)));

    assertThat(put("c", NOON)).isEqualTo(both(NOON));
    assertThat(put("d", NOON.plusMillis(5))).isEqualTo(both(NOON.plusMillis(5)));
  }

  @Test
  void entryOfAClockThatWasFarAhead_isNotMadeAfterItWasChanged() {
    put("a", NOON.plus(YEARS));

    assertThat(put("a", NOON)).isEqualTo(both(NOON));
    assertThat(put("a", NOON.plusMillis(7)))
        .isEqualTo(new Times(NOON.toEpochMilli(), NOON.plusMillis(7).toEpochMilli()));
  }

  @Test
  void entryThatIsReplaced_isMadeThen_andItsVersionGoesOn() {
    put("a", NOON);
    PutRequest set = PutRequest.of(Key.of("a"), Bytes.EMPTY).withMode(PutMode.REPLACE);

    state = decided(new Request.Put(set), state, NOON.plusSeconds(1));

    assertThat(state.get(Key.of("a")).orElseThrow().times()).isEqualTo(both(NOON.plusSeconds(1)));
    assertThat(state.get(Key.of("a")).orElseThrow().version()).isEqualTo(2);
  }
}
