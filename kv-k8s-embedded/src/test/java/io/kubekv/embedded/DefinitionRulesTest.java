package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class DefinitionRulesTest {

  private static ObjectNode definition() {
    return (ObjectNode) TestTypes.resource("note-crd.json");
  }

  @Test
  void check_soundDefinition_hasNoErrors() {
    assertThat(DefinitionRules.check(definition())).isEmpty();
  }

  /** Each case puts one value at one place of a sound definition. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/metadata | name | 'other' | metadata.name",
        "/spec | group | 'nodot' | spec.group",
        "/spec | scope | 'World' | spec.scope",
        "/spec/names | kind | '9x' | spec.names.kind",
        "/spec/names | shortNames | ['UP'] | spec.names.shortNames",
        "/spec | conversion | {'strategy':'Webhook'} | spec.conversion.strategy",
        "/spec | preserveUnknownFields | true | spec.preserveUnknownFields",
        "/spec/versions/0 | storage | false | spec.versions",
        "/spec/versions/0 | served | false | spec.versions",
        "/spec/versions/0 | name | 'V 1' | spec.versions[0].name",
        "/spec/versions/0 | schema | {} | spec.versions[0].schema.openAPIV3Schema",
        "/spec/versions/0 | subresources | {'scale':{}} | spec.versions[0].subresources.scale",
        "/spec/versions/0 | selectableFields | [{'jsonPath':'.spec.tags'}] | spec.versions[0].selectableFields[0].jsonPath",
        "/spec/versions/0 | selectableFields | [{'jsonPath':'spec.type'}] | spec.versions[0].selectableFields[0].jsonPath",
        "/spec/versions/0/additionalPrinterColumns/0 | type | 'text' | spec.versions[0].additionalPrinterColumns[0].type",
        "/spec/versions/0/additionalPrinterColumns/0 | jsonPath | '..x' | spec.versions[0].additionalPrinterColumns[0].jsonPath",
        "/spec/versions/0/additionalPrinterColumns/0 | name | '' | spec.versions[0].additionalPrinterColumns[0].name",
      })
  void check_oneThingWrong_isNamed(String pointer, String member, String value, String field) {
    ObjectNode definition = definition();
    ((ObjectNode) definition.at(pointer)).set(member, TestTypes.json(value));

    assertThat(DefinitionRules.check(definition)).extracting(FieldError::field).contains(field);
  }

  @Test
  void check_celRules_areRefusedByName() {
    ObjectNode definition = definition();
    ((ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema"))
        .set("x-kubernetes-validations", TestTypes.json("[{'rule':'self.spec.version > 0'}]"));

    assertThat(DefinitionRules.check(definition))
        .singleElement()
        .asString()
        .contains("x-kubernetes-validations", "CEL");
  }
}
