package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RangeTest {
  private static Range between(String from, String to) {
    return new Range.Between(Key.of(from), Optional.of(Key.of(to)));
  }

  @Test
  void between_below_isTheLongestPrefixThatCoversIt() {
    assertThat(between("pods/x", "pods0").below()).contains(new Prefix("pods/"));
    assertThat(between("pods/", "pods0").below()).contains(new Prefix("pods/"));
    assertThat(between("pods/x", "pods1").below()).contains(new Prefix("pods"));
    assertThat(between("a", "c").below()).contains(Prefix.ALL);
    assertThat(new Range.Between(Key.of("a"), Optional.empty()).below()).contains(Prefix.ALL);
    assertThat(between("a", "c").self()).isEmpty();
  }

  @Test
  void between_contains_theFirstAndNotTheLast() {
    Range range = between("b", "d");

    assertThat(range.contains(Key.of("b"))).isTrue();
    assertThat(range.contains(Key.of("c\uFFFF"))).isTrue();
    assertThat(range.contains(Key.of("a"))).isFalse();
    assertThat(range.contains(Key.of("d"))).isFalse();
    assertThat(between("d", "b").contains(Key.of("c"))).isFalse();
  }
}
