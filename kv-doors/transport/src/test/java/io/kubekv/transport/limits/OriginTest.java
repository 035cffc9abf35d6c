package io.kubekv.transport.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class OriginTest {
  private static String of(String literal) throws UnknownHostException {
    return Origin.of(new InetSocketAddress(InetAddress.getByName(literal), 1234));
  }

  @Test
  void ipv4_isTheAddressWithoutThePort() throws UnknownHostException {
    assertThat(of("10.1.2.3")).isEqualTo("10.1.2.3");
  }

  @Test
  void ipv6_isTheHalfThatAHostCannotChoose() throws UnknownHostException {
    assertThat(of("2001:db8:0:7:1:2:3:4")).isEqualTo("2001:0db8:0000:0007::/64");
    assertThat(of("2001:db8:0:7:ffff::1")).isEqualTo(of("2001:db8:0:7:1:2:3:4"));
  }

  @Test
  void other_isAsItPrintsItself() {
    assertThat(Origin.of(UnixDomainSocketAddress.of("/run/kubekv.sock")))
        .isEqualTo("/run/kubekv.sock");
  }
}
