package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value as text, JSON or hexadecimal. */
final class ValueTest {
  private static Value of(String text) {
    return Value.of(Bytes.utf8(text), Optional.empty());
  }

  @Test
  void json_isLaidOut_andNothingOfItChanged() {
    Value value = of("{\"b\":1.10,\"a\":[1e400,12345678901234567890123],\"b\":\"\\u202e\"}");

    assertThat(value.form()).isEqualTo(Form.JSON);
    assertThat(value.text())
        .contains("\n")
        .contains("1.10", "1e400", "12345678901234567890123")
        .doesNotContain("\u202e");
    assertThat(value.text().indexOf("\"b\"")).isLessThan(value.text().indexOf("\"a\""));
    assertThat(value.text().split("\"b\"", -1)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "null", "{", "[1] [2]", "{\"a\":}", "[1,]"})
  void whatIsNoObjectOrArray_isText(String text) {
    assertThat(of(text).form()).isEqualTo(Form.TEXT);
    assertThat(of(text).text()).isEqualTo(text);
    assertThat(of(text).forms()).containsExactly(Form.TEXT, Form.HEX);
  }

  /** Space is cheap to ask for. */
  @Test
  void jsonThatWouldBecomeHuge_isText() {
    String deep = "[".repeat(400) + "[],".repeat(200_000) + "[]" + "]".repeat(400);

    Value value = of(deep);

    assertThat(value.form()).isEqualTo(Form.TEXT);
    assertThat(value.cut()).isTrue();
    assertThat(value.text().length()).isLessThanOrEqualTo(Value.TEXT + 1);
  }

  @Test
  void whatIsNoText_isHexadecimal_withWhatIsPrintableBesideIt() {
    Value value = Value.of(Bytes.copyOf(new byte[] {0, 'A', (byte) 0xFF, '<'}), Optional.empty());

    assertThat(value.form()).isEqualTo(Form.HEX);
    assertThat(value.forms()).containsExactly(Form.HEX);
    assertThat(value.text()).startsWith("00000000  00 41 ff 3c ").endsWith("  .A.<\n");
  }

  @Test
  void textThatLooksBinary_isHexadecimalFirst() {
    Value value = of("a\0b");

    assertThat(value.forms()).containsExactly(Form.HEX, Form.TEXT);
    assertThat(Value.of(Bytes.utf8("a\0b"), Optional.of(Form.TEXT)).text()).isEqualTo("a⟨U+0000⟩b");
  }

  @Test
  void formThatIsAskedFor_isTaken_whereTheValueHasIt() {
    Bytes json = Bytes.utf8("{}");

    assertThat(Value.of(json, Optional.of(Form.HEX)).form()).isEqualTo(Form.HEX);
    assertThat(Value.of(json, Optional.of(Form.TEXT)).text()).isEqualTo("{}");
    assertThat(Value.of(Bytes.utf8("x"), Optional.of(Form.JSON)).form()).isEqualTo(Form.TEXT);
  }

  @Test
  void largeValue_isCut() {
    assertThat(of("x".repeat(1 << 20)).cut()).isTrue();
    assertThat(Value.of(Bytes.copyOf(new byte[1 << 20]), Optional.empty()).text().length())
        .isLessThan(64 << 10);
    assertThat(of("\u0001".repeat(60_000)).text().length()).isLessThanOrEqualTo(Value.TEXT + 1);
    assertThat(of("x").cut()).isFalse();
  }

  @Test
  void preview_isOneLine() {
    assertThat(Value.preview(Bytes.utf8("a\nb"))).isEqualTo("a⟨U+000A⟩b");
    assertThat(Value.preview(Bytes.utf8("ü".repeat(100_000)))).hasSize(121).endsWith("…");
    assertThat(Value.preview(Bytes.copyOf(new byte[] {-1}))).isEqualTo("binary");
    assertThat(Value.preview(Bytes.copyOf(new byte[] {'a', -1, 'b', 'c', 'd', 'e'})))
        .isEqualTo("binary");
    assertThat(Value.preview(Bytes.EMPTY)).isEmpty();
  }

  @Test
  void digits_areReadAsTheyAreWritten() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    Bytes value = Bytes.copyOf(all);

    assertThat(Form.ofDigits(Form.digits(value))).isEqualTo(value);
    assertThat(Form.ofDigits(" 0A\r\n0b ")).isEqualTo(Bytes.copyOf(new byte[] {10, 11}));
    assertThatThrownBy(() -> Form.ofDigits("0")).isInstanceOf(PageError.class);
    assertThatThrownBy(() -> Form.ofDigits("zz")).isInstanceOf(PageError.class);
  }
}
