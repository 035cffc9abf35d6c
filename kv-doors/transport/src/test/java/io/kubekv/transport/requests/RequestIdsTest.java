package io.kubekv.transport.requests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void of_whatIsGivenAndFit_isIt() {
    assertThat(RequestIds.of("order-7_B.2", TRACE)).isEqualTo("order-7_B.2");
  }

  @Test
  void of_aTrace_isItsId() {
    assertThat(RequestIds.of(null, TRACE)).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\nb", "a\u001b[31m", "ä", "a\"b", "{}"})
  void of_whatIsNotFit_isANumberOfOurs(String given) {
    String id = RequestIds.of(given, null);

    assertThat(id).matches("[0-9a-z]+-[0-9a-z]+").isNotEqualTo(given);
  }

  @Test
  void of_whatIsTooLong_isNotTaken() {
    assertThat(RequestIds.of("a".repeat(64), null)).hasSize(64);
    assertThat(RequestIds.of("a".repeat(65), null)).hasSizeLessThan(65);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736",
        "nonsense"
      })
  void of_aTraceThatIsNone_isANumberOfOurs(String trace) {
    assertThat(RequestIds.of(null, trace)).matches("[0-9a-z]+-[0-9a-z]+");
  }

  @Test
  void of_twoRequests_differ() {
    assertThat(RequestIds.of(null, null)).isNotEqualTo(RequestIds.of(null, null));
  }

  @Test
  void within_isTheCurrentOne_andNotAfterwards() {
    String[] seen = new String[2];

    RequestIds.within(
        "outer",
        () -> {
          RequestIds.within("inner", () -> seen[0] = RequestIds.current().orElse(""));
          seen[1] = RequestIds.current().orElse("");
        });

    assertThat(seen).containsExactly("inner", "outer");
    assertThat(RequestIds.current()).isEmpty();
  }
}
