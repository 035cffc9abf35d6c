package io.kubekv.zookeeper.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much is held. */
class HeldBytesTest {
  private static final long LITTLE = HeldBytes.SMALL;

  private final HeldBytes held = new HeldBytes(10 * LITTLE, 4 * LITTLE);

  @Test
  void client_mayHoldItsPart_andALittleOnEachConnection() {
    assertThat(held.holds("a", 0, 3 * LITTLE)).isTrue();
    assertThat(held.holds("a", 0, LITTLE + 1)).isFalse();
    assertThat(held.holds("a", LITTLE + 1, LITTLE)).isTrue();
    assertThat(held.holds("a", 0, LITTLE)).isTrue();
    assertThat(held.holds("b", 0, 4 * LITTLE)).isTrue();
  }

  @Test
  void all_mayHoldSoMuchTogether() {
    assertThat(held.holds("a", 0, 4 * LITTLE)).isTrue();
    assertThat(held.holds("b", 0, 4 * LITTLE)).isTrue();
    assertThat(held.holds("c", 0, 3 * LITTLE)).isFalse();
  }

  @Test
  void whatIsGone_isForgotten() {
    assertThat(held.holds("a", 0, LITTLE)).isTrue();
    assertThat(held.holds("a", LITTLE, 0)).isTrue();

    assertThat(held.all()).isZero();
    assertThat(held.clients()).isZero();
  }
}
