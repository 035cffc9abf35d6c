package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AuthorTest {
  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void shortTexts_stayAsTheyAre() {
    Author author = new Author("etcd-v2", "b\u00f6b \ud83d\ude00");

    assertThat(author.user()).isEqualTo("b\u00f6b \ud83d\ude00");
    assertThat(author.bytes()).isEqualTo(utf8(author.door()) + utf8(author.user()));
    assertThat(new Author("x".repeat(32), "y".repeat(128)))
        .isEqualTo(new Author("x".repeat(32), "y".repeat(128)))
        .extracting(Author::bytes)
        .isEqualTo(160);
  }

  @Test
  void longTexts_areCutBetweenCharactersAndMarked() {
    Author author = new Author("x".repeat(33), "\ud83d\ude00".repeat(33));

    assertThat(author.door()).isEqualTo("x".repeat(29) + "\u2026");
    assertThat(author.user()).isEqualTo("\ud83d\ude00".repeat(31) + "\u2026");
    assertThat(utf8(author.user())).isLessThanOrEqualTo(128);
  }

  @Test
  void none_isNobody() {
    assertThat(Author.NONE.isNone()).isTrue();
    assertThat(new Author("page", "").isNone()).isFalse();
    assertThat(new Author("", "alice").isNone()).isFalse();
  }
}
