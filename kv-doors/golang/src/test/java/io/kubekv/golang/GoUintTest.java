package io.kubekv.golang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoUintTest {
  @ParameterizedTest
  @CsvSource({"0,0", "007,7", "9223372036854775807,9223372036854775807", "18446744073709551615,-1"})
  void number_isRead(String text, long number) {
    assertThat(GoUint.parse(text)).contains(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", " 1", "1.0", "0x1", "18446744073709551616", "\u0663"})
  void whatGoRefuses_isNone(String text) {
    assertThat(GoUint.parse(text)).isEmpty();
    assertThat(GoUint.parse("0".repeat(1_400_000) + "1")).isEmpty();
  }
}
