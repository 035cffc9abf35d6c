package io.kubekv.golang;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static String text(Json json) {
    return new String(json.toArray(), StandardCharsets.UTF_8);
  }

  @Test
  void string_isEscapedAsGoDoes() {
    assertThat(text(new Json().string("a \"b\" \\ <c>&\n\r\t\u0001\u007f")))
        .isEqualTo("\"a \\\"b\\\" \\\\ \\u003cc\\u003e\\u0026\\n\\r\\t\\u0001\u007f\"");
    assertThat(text(new Json().string("x\u2028\u2029"))).isEqualTo("\"x\\u2028\\u2029\"");
  }

  @Test
  void string_ofBytesThatAreNoUtf8_marksEachOfThem() {
    Bytes broken = Bytes.copyOf(new byte[] {'a', (byte) 0xff, (byte) 0xfe, 'b'});
    assertThat(text(new Json().string(broken))).isEqualTo("\"a\\ufffd\\ufffdb\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"",
        "late \"",
        "\u20ac early",
        "late \u20ac",
        "\ud83d\ude00 <a>",
        "\n"
      })
  void string_ofTextAndOfItsBytes_areTheSame(String text) {
    assertThat(text(new Json().string(text))).isEqualTo(text(new Json().string(Bytes.utf8(text))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\u20ac", "\ud83d\ude00", "\u0001\u0002", "<&>", "\u2028"})
  void mostBytes_isWhatIsWritten_whereNothingHasAShortEscape(String text) {
    byte[] broken = {(byte) 0xff, 'a'};

    assertThat(Json.mostBytes(Bytes.utf8(text)))
        .isEqualTo(new Json().string(Bytes.utf8(text)).toArray().length);
    assertThat(Json.mostBytes(Bytes.copyOf(broken)))
        .isEqualTo(new Json().string(Bytes.copyOf(broken)).toArray().length);
    assertThat(Json.mostBytes(Bytes.utf8("\n"))).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "9, 9",
    "10, 10",
    "1234567, 1234567",
    "9223372036854775807, 9223372036854775807",
    "-1, 18446744073709551615"
  })
  void number_isUnsigned(long number, String shown) {
    assertThat(text(new Json().raw("[").number(number).raw("]"))).isEqualTo("[" + shown + "]");
  }

  @Test
  void expectedSize_isNoLimit() {
    String value = "v".repeat(1000) + "\"".repeat(1000);
    Json json = new Json(0).raw("{\"a\":").string(value).raw(",\"n\":").number(1234567890123L);
    assertThat(text(json.raw("}")))
        .isEqualTo(
            "{\"a\":\"" + "v".repeat(1000) + "\\\"".repeat(1000) + "\",\"n\":1234567890123}");
  }
}
