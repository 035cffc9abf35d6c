package io.kubekv.zookeeper.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Wire;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of requests to who follows them. */
class RequestsTest {
  /** The first field of some is a secret, or says nothing. */
  @ParameterizedTest
  @CsvSource({
    "CREATE, secret",
    "GET_DATA, secret",
    "SYNC, secret",
    "GET_EPHEMERALS, secret",
    "ADD_WATCH, secret",
    "SASL, ''",
    "AUTH, ''",
    "MULTI, ''",
    "MULTI_READ, ''",
    "SET_WATCHES, ''",
    "RECONFIG, ''",
    "PING, ''"
  })
  void target_isThePathOfARequestThatHasOne(Op op, String shown) {
    byte[] message = Wire.bytes(archive -> archive.writeString("secret", "first"));

    assertThat(Requests.target(op, message, 0)).isEqualTo(shown);
  }
}
