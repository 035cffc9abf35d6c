package io.kubekv.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not a target. */
class TargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        ":2390",
        "host:0",
        "host:65536",
        "a b:1",
        "host:1/x",
        "u@h:1"
      })
  void to_notAHostAndAPort_isRefused(String target) {
    assertThatThrownBy(() -> KubekvClient.to(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + target + "'");
  }
}
