package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
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

  /** By the definition: the longest prefix of the first key that no key of the range is behind. */
  private static Prefix shared(Range.Between range) {
    String text = range.from().text();
    for (int end = text.length(); end > 0; end = text.offsetByCodePoints(end, -1)) {
      Prefix prefix = new Prefix(text.substring(0, end));
      Optional<Key> behind = prefix.behind();
      if (behind.isEmpty() || range.to().map(to -> to.compareTo(behind.get()) <= 0).orElse(false)) {
        return prefix;
      }
    }
    return Prefix.ALL;
  }

  /** Short ones of few characters, those at the ends of Unicode's parts among them. */
  private static Key random(Random random) {
    int[] characters = {'/', 'a', 'b', 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFE, 0x10FFFF};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return Key.of(text.toString());
  }

  @Test
  void between_below_isWhatItsDefinitionSays_andMatchesEveryKey() {
    Random random = new Random(7);
    List<Key> keys = Stream.generate(() -> random(random)).limit(300).toList();
    for (int i = 0; i < 20_000; i++) {
      Key from = random(random);
      Optional<Key> to =
          switch (random.nextInt(4)) {
            case 0 -> Optional.empty();
            case 1 -> new Prefix(from.text()).behind();
            default -> Optional.of(random(random));
          };
      Range.Between range = new Range.Between(from, to);
      Prefix below = range.below().orElseThrow();
      assertThat(below).as("%s", range).isEqualTo(shared(range));
      assertThat(keys).as("%s", range).allMatch(key -> !range.contains(key) || below.matches(key));
    }
  }

  @Test
  void between_below_ofVeryLongEnds_isNotSlow() {
    String last = Character.toString(Character.MAX_CODE_POINT).repeat(1 << 20);
    Range upTo = between("a" + last, "c");
    Range onFrom = new Range.Between(Key.of("a".repeat(1 << 22)), Optional.empty());

    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), upTo::below)).contains(Prefix.ALL);
    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), onFrom::below))
        .contains(Prefix.ALL);
  }

  @Test
  void tree_contains_itsTopAndWhatIsBelowIt() {
    Range range = new Range.Tree(Key.of("a"));

    assertThat(Stream.of("a", "a/", "a/b", "a/b/c").map(Key::of)).allMatch(range::contains);
    assertThat(Stream.of("b", "ab", "a0", "A", "/a").map(Key::of)).noneMatch(range::contains);
  }
}
