package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntrantTest {
  private static List<Entrant> askedBy(Protocol protocol) {
    return Arrays.stream(Entrant.values())
        .filter(entrant -> entrant.ownProtocol() == protocol)
        .toList();
  }

  @Test
  void eachIsAskedByItsOwn_adaptersByEtcdV2() {
    assertThat(askedBy(Protocol.GRPC)).containsExactly(Entrant.ETCD_V3);
    assertThat(askedBy(Protocol.CONSUL)).containsExactly(Entrant.CONSUL);
    assertThat(askedBy(Protocol.ZOOKEEPER)).containsExactly(Entrant.ZOOKEEPER);
    assertThat(askedBy(Protocol.OBJECTS)).containsExactly(Entrant.RAW);
    assertThat(askedBy(Protocol.ETCD_V2))
        .containsExactlyInAnyOrder(
            Entrant.ETCD_V2,
            Entrant.ETCD_V2_AGAIN,
            Entrant.KUBEKV,
            Entrant.KUBEKV_KUBE,
            Entrant.KUBEKV_ETCD,
            Entrant.NAIVE,
            Entrant.NAIVE_KUBE);
  }

  @ParameterizedTest
  @EnumSource
  void label_namesOneOnly(Entrant entrant) {
    assertThat(Entrant.of(entrant.label())).isEqualTo(entrant);
  }
}
