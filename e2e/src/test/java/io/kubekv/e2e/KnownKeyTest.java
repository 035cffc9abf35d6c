package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownKeyTest {
  private static final Optional<String> OLD = Optional.of("old");
  private static final Optional<String> NEW = Optional.of("new");

  private final KnownKey key = new KnownKey("/k");

  @Test
  void found_theAcknowledgedValue_isRight() {
    key.acknowledged(OLD, 5);

    assertThat(key.found(OLD, 5)).isEmpty();
  }

  @Test
  void found_nothingInPlaceOfTheAcknowledgedValue_isLost() {
    key.acknowledged(OLD, 5);

    assertThat(key.found(Optional.empty(), 0)).isPresent();
  }

  @Test
  void found_theValueAtAnotherIndex_isWrong() {
    key.acknowledged(OLD, 5);

    assertThat(key.found(OLD, 6)).isPresent();
  }

  @Test
  void found_withAChangeInFlight_mayBeEither() {
    key.acknowledged(OLD, 5);
    key.attempted(NEW);
    assertThat(key.found(NEW, 6)).isEmpty();

    key.attempted(Optional.empty());
    assertThat(key.found(NEW, 6)).isEmpty();
    assertThat(key.found(OLD, 5)).isPresent();
  }

  @Test
  void found_tornValue_isWrong() {
    key.attempted(NEW);

    assertThat(key.found(Optional.of("ne"), 6)).isPresent();
  }
}
