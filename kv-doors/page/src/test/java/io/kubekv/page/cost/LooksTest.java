package io.kubekv.page.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Rates from one look to the next. */
final class LooksTest {
  private long nanos;
  private final Looks looks = new Looks(() -> nanos);

  private static Serving.Counts counts(long calls, double processor) {
    return new Serving.Counts(calls, 2 * calls, 0, OptionalDouble.of(processor));
  }

  private void passes(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void firstLook_tellsNoRate_andOneRightAfterItNone() {
    assertThat(looks.look(10, counts(0, 0))).isEmpty();
    passes(Duration.ofMillis(999));
    assertThat(looks.look(11, counts(0, 0))).isEmpty();
  }

  @Test
  void rate_isWhatIsMoreSinceTheFirstLook() {
    var unused = looks.look(10, counts(100, 1));
    passes(Duration.ofSeconds(4));

    Looks.Rates rates = looks.look(50, counts(108, 3)).orElseThrow();

    assertThat(rates.changesPerSecond()).isEqualTo(10);
    assertThat(rates.callsPerSecond()).isEqualTo(2);
    assertThat(rates.entriesPerSecond()).isEqualTo(4);
    assertThat(rates.processor()).contains(0.5);
  }

  /** Whoever looks every second does not make the time shorter that a rate is of. */
  @Test
  void rate_isOfTheLastTenMinutes_andOfFewLooks() {
    for (int second = 0; second < 1200; second++) {
      var unused = looks.look(second, counts(0, 0));
      passes(Duration.ofSeconds(1));
    }

    Looks.Rates rates = looks.look(1200, counts(0, 0)).orElseThrow();

    assertThat(rates.over()).isBetween(Duration.ofMinutes(10), Duration.ofSeconds(620));
    assertThat(rates.changesPerSecond()).isEqualTo(1);
  }

  @Test
  void lookOfLongAgo_isComparedWithWhenThereIsNoOther() {
    var unused = looks.look(0, counts(0, 0));
    passes(Duration.ofHours(1));

    assertThat(looks.look(36, counts(0, 0)).orElseThrow().changesPerSecond()).isEqualTo(0.01);
  }

  /** Another replica has taken over that knows less. */
  @Test
  void revisionThatFalls_isNoChange() {
    var unused = looks.look(10, counts(0, 0));
    passes(Duration.ofSeconds(2));

    assertThat(looks.look(9, counts(0, 0)).orElseThrow().changesPerSecond()).isZero();
  }
}
