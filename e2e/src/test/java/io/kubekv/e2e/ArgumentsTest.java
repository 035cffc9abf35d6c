package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of what a check is told. */
class ArgumentsTest {
  @Test
  void address_hasThePortOfItsUrl_orTheUsualOne() {
    assertThat(Arguments.address("--candidate", "http://127.0.0.1:1234", 2379))
        .isEqualTo(new InetSocketAddress("127.0.0.1", 1234));
    assertThat(Arguments.address("--candidate", "http://127.0.0.1", 2379))
        .isEqualTo(new InetSocketAddress("127.0.0.1", 2379));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "http://:2379", "http://a b", "http:///v2"})
  void address_ofAUrlWithoutAHost_saysWhatToWrite(String url) {
    assertThatThrownBy(() -> Arguments.address("--candidate", url, 2379))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--candidate " + url + ": that names no host; write http://HOST:PORT");
  }
}
