package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class KeyTest {
  @Property
  void compareTo_anyTwo_isTheOrderOfTheirUtf8Bytes(
      @ForAll("keys") String a, @ForAll("keys") String b) {
    int byBytes =
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    assertThat(Integer.signum(Key.of(a).compareTo(Key.of(b)))).isEqualTo(Integer.signum(byBytes));
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of("a", "/", "\u00e9", "\uE000", "\uFFFF", "\uD83D\uDE00", "\uDBFF\uDFFF")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(parts -> String.join("", parts));
  }

  @Test
  void of_whatIsNoKey_isRefused() {
    assertThatThrownBy(() -> Key.of("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Key.of("a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NUL at character 1");
    for (String broken : new String[] {"\uD83D", "\uDE00\uD83D", "a\uD83Db", "\uDE00"}) {
      assertThatThrownBy(() -> Key.of(broken)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void parent_isTheKeyUpToTheLastSlash() {
    assertThat(Key.of("a/b/c").parent()).contains(Key.of("a/b"));
    assertThat(Key.of("a").parent()).isEmpty();
    assertThat(Key.of("/a").parent()).isEmpty();
    assertThat(Key.of("a/").parent()).contains(Key.of("a"));
  }

  @Test
  void sizeAndDepth_countBytesAndElements() {
    assertThat(Key.of("\u20ac").size()).isEqualTo(3);
    assertThat(Key.of("\uD83D\uDE00").size()).isEqualTo(4);
    assertThat(Key.of("a").depth()).isEqualTo(1);
    assertThat(Key.of("a/b/c").depth()).isEqualTo(3);
    assertThat(Key.of("a/b").below()).isEqualTo(new Prefix("a/b/"));
  }
}
