package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DockerDefinitionsTest {
  private static CustomResourceDefinition of(DockerKind kind) {
    return DockerDefinitions.definitions().get(kind.ordinal());
  }

  @ParameterizedTest
  @EnumSource
  void definition_always_namesTheTypeOnce(DockerKind kind) {
    assertThat(of(kind).getMetadata().getName()).isEqualTo(kind.plural() + ".kubekv.io");
    assertThat(of(kind).getSpec().getNames().getKind()).isEqualTo(kind.kind());
    assertThat(of(kind).getSpec().getNames().getPlural()).isEqualTo(kind.plural());
    assertThat(of(kind).getSpec().getScope()).isEqualTo("Namespaced");
  }

  @Test
  void definitions_always_printWhatDockerInspects() {
    assertThat(columns(DockerKind.NETWORK))
        .containsExactly("Network", "Driver", "Subnet", "Gateway", "VNI", "Decoded", "Reason");
    assertThat(columns(DockerKind.ENDPOINT))
        .containsExactly("Container", "Network", "Host", "Address", "Decoded", "Reason");
    assertThat(columns(DockerKind.NODE))
        .containsExactly("Host", "Port", "Expires", "Decoded", "Reason");
  }

  private static List<String> columns(DockerKind kind) {
    return of(kind).getSpec().getVersions().getFirst().getAdditionalPrinterColumns().stream()
        .map(CustomResourceColumnDefinition::getName)
        .toList();
  }

  /** An API cuts off what its schema does not know, and would be written to for ever. */
  static JSONSchemaProps status(DockerKind kind) {
    return Objects.requireNonNull(
        of(kind)
            .getSpec()
            .getVersions()
            .getFirst()
            .getSchema()
            .getOpenAPIV3Schema()
            .getProperties()
            .get("status"));
  }

  @ParameterizedTest
  @EnumSource
  void schema_ofEveryText_hasALength(DockerKind kind) {
    assertThat(texts(status(kind)))
        .isNotEmpty()
        .allSatisfy(
            text -> {
              if (text.getFormat() == null && text.getEnum().isEmpty()) {
                assertThat(text.getMaxLength()).isPositive();
              }
            });
  }

  private static List<JSONSchemaProps> texts(JSONSchemaProps of) {
    Stream<JSONSchemaProps> own = "string".equals(of.getType()) ? Stream.of(of) : Stream.empty();
    Stream<JSONSchemaProps> fields =
        of.getProperties() == null
            ? Stream.empty()
            : of.getProperties().values().stream().flatMap(field -> texts(field).stream());
    Stream<JSONSchemaProps> items =
        of.getItems() == null ? Stream.empty() : texts(of.getItems().getSchema()).stream();
    return Stream.of(own, fields, items).flatMap(each -> each).toList();
  }

  @ParameterizedTest
  @EnumSource
  void chart_hasTheSameManifest(DockerKind kind) throws IOException {
    String name = kind.plural() + ".yaml";
    try (var own = DockerDefinitions.class.getResourceAsStream(name)) {
      assertThat(own.readAllBytes())
          .isEqualTo(Files.readAllBytes(Path.of("../helm/kubekv/crds", name)));
    }
  }
}
