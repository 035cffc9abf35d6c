package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What people see of a text. */
final class VisibleTest {
  @Test
  void charactersThatHideOrMoveOthers_areShownAsCodes() {
    assertThat(Visible.of("a\u202Eb")).isEqualTo("a⟨U+202E⟩b");
    assertThat(Visible.of("a\u200Bb\u2028c")).isEqualTo("a⟨U+200B⟩b⟨U+2028⟩c");
    assertThat(Visible.of("a\r\n\tb\u007F")).isEqualTo("a⟨U+000D⟩⟨U+000A⟩⟨U+0009⟩b⟨U+007F⟩");
    assertThat(Visible.lines("a\r\n\tb")).isEqualTo("a⟨U+000D⟩\n\tb");
  }

  @Test
  void textOfAnyLanguage_staysAsItIs() {
    assertThat(Visible.of("schlüssel/مفتاح/鍵/🔑")).isEqualTo("schlüssel/مفتاح/鍵/🔑");
  }

  @Test
  void longText_isCut_andNeverWithinACharacter() {
    assertThat(Visible.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Visible.cut("abcdef", 3)).isEqualTo("abc…");
    assertThat(Visible.cut("ab🔑cd", 3)).isEqualTo("ab…");
  }
}
