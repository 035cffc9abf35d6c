package io.kubekv.k8s.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.SelectableField;
import io.kubekv.Limits;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KeyValueDefinitionTest {
  private final CustomResourceDefinition definition = KeyValueDefinition.definition();

  @Test
  void definition_always_namesTheTypeOnce() {
    assertThat(definition.getMetadata().getName()).isEqualTo(KeyValueDefinition.NAME);
    assertThat(definition.getSpec().getGroup()).isEqualTo(KeyValueDefinition.GROUP);
    assertThat(definition.getSpec().getScope()).isEqualTo("Namespaced");
    assertThat(definition.getSpec().getNames().getKind()).isEqualTo(KeyValueDefinition.KIND);
    assertThat(definition.getSpec().getNames().getPlural()).isEqualTo(KeyValueDefinition.PLURAL);
    assertThat(definition.getSpec().getNames().getShortNames()).containsExactly("kv");
  }

  @Test
  void definition_always_hasOneServedAndStoredVersion() {
    assertThat(definition.getSpec().getVersions())
        .singleElement()
        .satisfies(
            version -> {
              assertThat(version.getName()).isEqualTo(KeyValueDefinition.VERSION);
              assertThat(version.getServed()).isTrue();
              assertThat(version.getStorage()).isTrue();
              assertThat(version.getSubresources()).isNull();
            });
  }

  @Test
  void definition_always_canBeSelectedByKeyAndType() {
    assertThat(version().getSelectableFields())
        .extracting(SelectableField::getJsonPath)
        .containsExactly(".spec.key", ".spec.type");
  }

  @Test
  void definition_always_printsWhatAnOperatorLooksFor() {
    assertThat(version().getAdditionalPrinterColumns())
        .extracting(CustomResourceColumnDefinition::getName)
        .containsExactly("Key", "Type", "Value", "Version", "Cause", "Age");
  }

  @Test
  void schema_ofEveryString_hasALength() {
    Map<String, JSONSchemaProps> fields = spec().getProperties();

    assertThat(fields.values())
        .filteredOn(field -> "string".equals(field.getType()))
        .isNotEmpty()
        .allSatisfy(field -> assertThat(field.getMaxLength()).isPositive());
  }

  @Test
  void schema_ofSpec_isAtomicAndClosed() {
    assertThat(spec().getXKubernetesMapType()).isEqualTo("atomic");
    assertThat(spec().getXKubernetesPreserveUnknownFields()).isNull();
    assertThat(spec().getRequired()).containsExactly("type", "key");
  }

  @Test
  void schema_ofValues_fitsTheLargestValueInBothForms() {
    long largest = Limits.DEFAULT.maxValueBytes();

    assertThat(field(spec(), "value").getMaxLength()).isEqualTo(largest);
    assertThat(field(spec(), "valueBase64").getMaxLength()).isEqualTo((largest + 2) / 3 * 4);
    assertThat(field(spec(), "key").getMaxLength()).isEqualTo(Limits.DEFAULT.maxKeyBytes());
  }

  private CustomResourceDefinitionVersion version() {
    return definition.getSpec().getVersions().getFirst();
  }

  private JSONSchemaProps spec() {
    return field(version().getSchema().getOpenAPIV3Schema(), "spec");
  }

  private static JSONSchemaProps field(JSONSchemaProps of, String name) {
    return Objects.requireNonNull(of.getProperties().get(name), name);
  }
}
