package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query or a form says. */
final class FieldsTest {
  @Test
  void fields_areDecoded() {
    Fields fields = Fields.of("key=a%2Fb+c&revision=18446744073709551615&prefix=%F0%9F%94%91&flag");

    assertThat(fields.key()).isEqualTo(Key.of("a/b c"));
    assertThat(fields.revision("revision")).contains(new Revision(-1));
    assertThat(fields.prefix()).isEqualTo(new Prefix("🔑"));
    assertThat(fields.has("flag")).isTrue();
    assertThat(fields.text("other")).isEmpty();
    assertThat(fields.revision("other")).isEmpty();
  }

  /** Else another key would be meant. */
  @ParameterizedTest
  @ValueSource(strings = {"key=%FF", "key=%C3", "key=%ED%A0%80", "key=%zz", "key=a&key=b"})
  void whatIsNotUtf8_orIsSaidTwice_isRefused(String query) {
    assertThatThrownBy(() -> Fields.of(query)).isInstanceOf(PageError.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key=", "key=a%00b"})
  void whatIsNoKey_isRefused(String query) {
    Fields fields = Fields.of(query);

    assertThatThrownBy(fields::key).isInstanceOf(PageError.class);
  }

  @Test
  void whatIsNoNumber_isRefused() {
    Fields fields = Fields.of("revision=x");

    assertThatThrownBy(() -> fields.revision("revision")).hasMessageContaining("no number");
  }

  @Test
  void manyFields_areRefused() {
    String query = "a=1";
    for (int i = 0; i < 40; i++) {
      query += "&f" + i + "=1";
    }
    String many = query;

    assertThatThrownBy(() -> Fields.of(many)).isInstanceOf(PageError.class);
  }

  @Test
  void fieldsBeyondTheBound_areRefused_andNotTakenAsPartOfAnother() {
    assertThatThrownBy(() -> Fields.of("&".repeat(33) + "key=a&key=b"))
        .isInstanceOf(PageError.class)
        .hasMessageContaining("more than 32 fields");
    assertThat(Fields.of("&".repeat(31) + "key=a").key()).isEqualTo(Key.of("a"));
  }
}
