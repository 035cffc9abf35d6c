package io.kubekv.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerKeyTest {
  @Test
  void of_whatEnginesWrote_isKnownAndLeadsBack() {
    List<DockerKey> known =
        Samples.all().keySet().stream().flatMap(key -> DockerKey.of(key).stream()).toList();

    assertThat(
            known.stream().collect(Collectors.groupingBy(Object::getClass, Collectors.counting())))
        .isEqualTo(
            Map.of(
                DockerKey.Network.class, 4L,
                DockerKey.Overlay.class, 4L,
                DockerKey.Endpoint.class, 2L,
                DockerKey.Node.class, 2L));
    assertThat(known).allSatisfy(key -> assertThat(DockerKey.of(key.key())).contains(key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "docker",
        "docker/nodes",
        "docker/nodes/",
        "docker/nodes/a/b",
        "docker/network/v1.0/network",
        "docker/network/v1.0/network/",
        "docker/network/v1.0/network/a/b",
        "docker/network/v2.0/network/a",
        "docker/network/v1.0/endpoint/a",
        "docker/network/v1.0/endpoint/a//b",
        "docker/network/v1.0/endpoint_count/a",
        "docker/network/v1.0/overlay/network",
        "docker/network/v1.0/idm/vxlan-id",
        "swarm/docker/nodes/a"
      })
  void of_another_isNothing(String key) {
    assertThat(DockerKey.of(Key.of(key))).isEqualTo(Optional.empty());
  }
}
