package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.kubekv.Bytes;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiKind;
import io.kubekv.k8s.snapshot.SnapshotKinds;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogKindsTest {
  private static final int LARGEST_OBJECT = 1_572_864;

  static List<CustomResourceDefinition> definitions() {
    return LogKinds.definitions();
  }

  @Test
  void definitions_nameTheTypesAsTheyAreUsed() {
    List<ApiKind> used = List.of(LogKinds.SLOT, SnapshotKinds.CHUNK, SnapshotKinds.MANIFEST);

    assertThat(definitions())
        .extracting(
            each ->
                new ApiKind(
                    each.getSpec().getNames().getKind(), each.getSpec().getNames().getPlural()))
        .isEqualTo(used);
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void definition_hasOneVersion_ofItsGroup(CustomResourceDefinition definition) {
    assertThat(definition.getSpec().getGroup()).isEqualTo("kubekv.io");
    assertThat(definition.getSpec().getScope()).isEqualTo("Namespaced");
    assertThat(definition.getSpec().getVersions())
        .singleElement()
        .satisfies(
            version -> {
              assertThat(version.getName()).isEqualTo("v1");
              assertThat(version.getStorage()).isTrue();
              assertThat(version.getSubresources()).isNull();
            });
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void schema_boundsEveryText_andTakesNothingElse(CustomResourceDefinition definition) {
    JSONSchemaProps spec = spec(definition);
    Map<String, JSONSchemaProps> fields = spec.getProperties();

    assertThat(spec.getXKubernetesPreserveUnknownFields()).isNull();
    assertThat(fields.values())
        .filteredOn(field -> "string".equals(field.getType()))
        .isNotEmpty()
        .allSatisfy(field -> assertThat(field.getMaxLength()).isPositive());
    assertThat(
            fields.values().stream()
                .filter(field -> field.getMaxLength() != null)
                .mapToLong(JSONSchemaProps::getMaxLength)
                .sum())
        .isLessThan(LARGEST_OBJECT);
  }

  @Test
  void largestEntry_fitsIntoASlot() {
    LogEntry largest = LogAuthor.begin().largest(KubernetesLog.MAX_ENTRY_BYTES);
    String base64 = Bytes.copyOf(EntryCodec.encode(largest)).toBase64();

    assertThat((long) base64.length())
        .isLessThanOrEqualTo(
            Objects.requireNonNull(spec(definitions().getFirst()).getProperties().get("entry"))
                .getMaxLength());
  }

  private static JSONSchemaProps spec(CustomResourceDefinition definition) {
    CustomResourceDefinitionVersion version = definition.getSpec().getVersions().getFirst();
    return Objects.requireNonNull(
        version.getSchema().getOpenAPIV3Schema().getProperties().get("spec"));
  }
}
