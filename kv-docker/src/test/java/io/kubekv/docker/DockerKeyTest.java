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
      strings = {"some/", "some/path/", "docker/", "docker/nodes/", "docker/network/v1.0/network/"})
  void of_aStoreWithAPath_isOfThatPathAlone(String path) {
    for (Key key : Samples.all().keySet()) {
      Optional<DockerKey> without = DockerKey.of(key);
      Optional<DockerKey> with = DockerKey.of(Key.of(path + key.text()));

      assertThat(with.map(DockerKey::path)).isEqualTo(without.map(known -> path));
      assertThat(with).isEqualTo(without.map(known -> below(path, known)));
      assertThat(with.map(DockerKey::key))
          .isEqualTo(without.map(known -> Key.of(path + key.text())));
    }
  }

  private static DockerKey below(String path, DockerKey known) {
    return switch (known) {
      case DockerKey.Network network -> new DockerKey.Network(path, network.id());
      case DockerKey.Overlay overlay -> new DockerKey.Overlay(path, overlay.network());
      case DockerKey.Endpoint endpoint ->
          new DockerKey.Endpoint(path, endpoint.network(), endpoint.id());
      case DockerKey.Node node -> new DockerKey.Node(path, node.address());
    };
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
        "/docker/nodes/a",
        "some//docker/nodes/a",
        "some/docker/nodes/a/b",
        "somedocker/nodes/a",
        "docker/swarm/nodes/a",
        "some/docker/network/v1.0/endpoint/a",
        "docker/network/v1.0/endpoint/a/b/docker"
      })
  void of_another_isNothing(String key) {
    assertThat(DockerKey.of(Key.of(key))).isEqualTo(Optional.empty());
  }
}
