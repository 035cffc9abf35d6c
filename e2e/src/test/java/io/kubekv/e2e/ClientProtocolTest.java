package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClientProtocolTest {
  @Test
  void spokenBy_kubekv_isEveryProtocol() {
    assertThat(ClientProtocol.spokenBy("kubekv"))
        .containsExactly(
            ClientProtocol.ETCD,
            ClientProtocol.ETCD_V3,
            ClientProtocol.CONSUL,
            ClientProtocol.ZOOKEEPER);
  }

  @Test
  void spokenBy_aRealServer_isItsOwn() {
    assertThat(ClientProtocol.spokenBy("etcd")).containsExactly(ClientProtocol.ETCD);
    assertThat(ClientProtocol.spokenBy("etcd-v3")).containsExactly(ClientProtocol.ETCD_V3);
    assertThat(ClientProtocol.spokenBy("consul")).containsExactly(ClientProtocol.CONSUL);
    assertThat(ClientProtocol.spokenBy("zookeeper")).containsExactly(ClientProtocol.ZOOKEEPER);
  }

  @Test
  void spokenBy_anUnknownStore_isRefusedByName() {
    assertThatThrownBy(() -> ClientProtocol.spokenBy("redis"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no store is called 'redis': etcd, etcd-v3, consul, zookeeper or kubekv");
  }

  @Test
  void option_namesTheProtocol() {
    assertThat(ClientProtocol.CONSUL.option()).isEqualTo("--consul-program");
    assertThat(ClientProtocol.ETCD_V3.option()).isEqualTo("--etcd-v3-program");
  }
}
