package io.kubekv.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "+0,0",
    "5s,5000000000",
    "-5s,-5000000000",
    "1.5h,5400000000000",
    ".5s,500000000",
    "5.s,5000000000",
    "1h15m30.918s,4530918000000",
    "3ns,3",
    "4us,4000",
    "4µs,4000",
    "4μs,4000",
    "15.000000s,15000000000",
    "2562047h47m16.854775807s,9223372036854775807",
    "0.1ns,0",
    "0.3333333333333333333h,1200000000000",
    "0.9223372036854775807h,3320413933267",
    "000001s,1000000000"
  })
  void parse_asGoDoes(String text, long nanos) throws Exception {
    assertThat(GoDuration.parseNanos(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "abc        | time: invalid duration \"abc\"",
        "-          | time: invalid duration \"-\"",
        ".s         | time: invalid duration \".s\"",
        "9223372036854775808ns | time: invalid duration \"9223372036854775808ns\"",
        "99999999999999999999x | time: invalid duration \"99999999999999999999x\"",
        "3000000h   | time: invalid duration \"3000000h\"",
        "30         | time: missing unit in duration \"30\"",
        "1s5        | time: missing unit in duration \"1s5\"",
        "5d         | time: unknown unit \"d\" in duration \"5d\""
      })
  void parse_wrong_saysWhatGoSays(String text, String message) {
    assertThatThrownBy(() -> GoDuration.parseNanos(text)).hasMessage(message);
  }

  @Test
  void parse_longText_isNoDuration_andNotToldWhole() {
    String digits = "1".repeat(1_400_000);
    for (String text : List.of(digits + "s", "1." + digits + "s", digits, "1" + "s".repeat(2000))) {
      assertThatThrownBy(() -> GoDuration.parseNanos(text))
          .hasMessageStartingWith("time: invalid duration \"1")
          .hasMessageEndingWith("...\"")
          .message()
          .hasSizeLessThan(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0s",
        "1ns",
        "1.1µs",
        "2.2ms",
        "3.3s",
        "4m5s",
        "4m5.001s",
        "5h6m7.001s",
        "8m0.000000001s",
        "24h0m0s",
        "-1.5s"
      })
  void print_isWhatWasParsed(String text) throws Exception {
    assertThat(GoDuration.print(Duration.ofNanos(GoDuration.parseNanos(text)))).isEqualTo(text);
  }
}
