package io.kubekv.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On what real engines wrote. */
class DockerRecordsTest {
  private static DockerNetwork network(String id) throws UndecodedException {
    return DockerNetwork.read(id, Samples.value(new DockerKey.Network(id)));
  }

  private static OverlayNetwork overlay(String id) throws UndecodedException {
    return OverlayNetwork.read(Samples.value(new DockerKey.Overlay("", id)));
  }

  @Test
  void network_plain_isRead() throws UndecodedException {
    assertThat(network(Samples.OV))
        .isEqualTo(
            new DockerNetwork(
                Samples.OV,
                "ov",
                "overlay",
                Optional.of("global"),
                List.of(
                    new DockerNetwork.Subnet(
                        "10.201.0.0/24", Optional.empty(), Optional.of("10.201.0.1"))),
                false,
                true,
                false,
                Optional.of("2026-12-02T03:41:39.731254132Z")));
  }

  @Test
  void network_internalWithRange_isRead() throws UndecodedException {
    DockerNetwork network = network(Samples.PLAIN);

    assertThat(network.internal()).isTrue();
    assertThat(network.attachable()).isFalse();
    assertThat(network.subnets())
        .containsExactly(
            new DockerNetwork.Subnet(
                "10.209.0.0/24", Optional.of("10.209.0.128/25"), Optional.of("10.209.0.1")));
    assertThat(overlay(Samples.PLAIN).encrypted()).isTrue();
  }

  @Test
  void network_ofSeveralSubnets_hasAllInTheirOrder() throws UndecodedException {
    assertThat(network(Samples.TWO).subnets())
        .extracting(DockerNetwork.Subnet::pool)
        .containsExactly("10.212.0.0/24", "10.213.0.0/24");
    assertThat(network(Samples.V6).subnets())
        .extracting(DockerNetwork.Subnet::pool)
        .containsExactly("10.214.0.0/24", "fd00:1::/64");
    assertThat(network(Samples.V6).ipv6()).isTrue();
  }

  @Test
  void overlay_whereAContainerIs_hasAnIdentifier() throws UndecodedException {
    assertThat(overlay(Samples.OV))
        .isEqualTo(new OverlayNetwork(Map.of("10.201.0.0/24", 256L), false));
  }

  @Test
  void overlay_whereNoneIs_hasNone() throws UndecodedException {
    assertThat(overlay(Samples.TWO).vnis()).isEmpty();
  }

  @Test
  void endpoint_ofARunningContainer_isRead() throws UndecodedException {
    assertThat(
            DockerEndpoint.read(
                Samples.OV,
                Samples.C1,
                Samples.value(new DockerKey.Endpoint(Samples.OV, Samples.C1))))
        .isEqualTo(
            new DockerEndpoint(
                Samples.OV,
                Samples.C1,
                "c1",
                Optional.of("10.88.0.11"),
                Optional.of("10.201.0.2/24"),
                Optional.empty(),
                Optional.of("02:42:0a:c9:00:02"),
                List.of("f5a4d1cd28aa"),
                Optional.of("eea0f076caf8a452ad28d64fb98691309361bae74b8388d1bd76aca72b477120")));
  }

  @Test
  void node_registered_isRead() throws UndecodedException {
    String address = "10.88.0.11:2376";

    assertThat(DockerNode.read(address, Samples.value(new DockerKey.Node(address))))
        .isEqualTo(new DockerNode("10.88.0.11", 2376));
  }
}
