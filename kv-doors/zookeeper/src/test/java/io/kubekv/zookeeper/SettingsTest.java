package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can be chosen of the door. */
class SettingsTest {
  @Test
  void tick_isBetweenAMillisecondAndAnHour() {
    assertThat(new ZooKeeperDoor.Settings(Duration.ofHours(1), Set.of()).tick()).hasHours(1);
    for (Duration none : new Duration[] {Duration.ofNanos(1), Duration.ofMillis(3_600_001)}) {
      assertThatThrownBy(() -> new ZooKeeperDoor.Settings(none, Set.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("zookeeper-tick");
    }
  }

  @Test
  void word_thatIsNone_isRefused_andThoseThatThereAreAreNamed() {
    assertThat(new ZooKeeperDoor.Settings(Duration.ofSeconds(3), Set.of("wchc", "wchp")).words())
        .hasSize(2);
    assertThatThrownBy(
            () -> new ZooKeeperDoor.Settings(Duration.ofSeconds(3), Set.of("srvr", "srst")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zookeeper-words")
        .hasMessageContaining("srst")
        .hasMessageContaining("ruok");
  }
}
