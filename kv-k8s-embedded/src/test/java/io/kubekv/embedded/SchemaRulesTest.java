package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | s.properties[f].type: Required value",
        "{'type':'text'} | s.properties[f].type: Invalid value: \"text\"",
        "{'type':'array'} | s.properties[f].items: Required value",
        "{'type':'string','maxLength':'9'} | s.properties[f].maxLength: Invalid value: \"9\": not a number",
        "{'type':'string','enum':'a'} | s.properties[f].enum: Invalid value: \"a\": not an array",
        "{'type':'string','$ref':'#/x'} | s.properties[f].$ref: Forbidden",
        "{'type':'string','format':'ipv6'} | s.properties[f].format: Forbidden: format ipv6 is not enforced",
        "{'type':'string','pattern':'('} | s.properties[f].pattern: Invalid value: \"(\"",
        "{'type':'integer','default':'x'} | s.properties[f].default: Invalid value: \"string\"",
        "{'type':'integer','anyOf':[{'type':'integer'}]} | s.properties[f].anyOf[0].type: Forbidden",
        "{'type':'array','uniqueItems':true,'items':{'type':'string'}} | s.properties[f].uniqueItems: Forbidden",
        "{'type':'string','x-kubernetes-validations':[{'rule':'true'}]} | s.properties[f].x-kubernetes-validations: Forbidden: this server does not evaluate CEL",
        "{'type':'object','properties':{},'additionalProperties':{'type':'string'}} | s.properties[f].additionalProperties: Forbidden",
      })
  void check_notStructuralOrNotEnforced_isRefusedByName(String field, String error) {
    assertThat(SchemaRules.check(json("{'type':'object','properties':{'f':" + field + "}}"), "s"))
        .singleElement()
        .asString()
        .startsWith(error);
  }

  @Test
  void check_intOrStringWithItsUsualAnyOf_isStructural() {
    assertThat(
            SchemaRules.check(
                json(
                    """
                    {'type':'object','properties':{'port':{'x-kubernetes-int-or-string':true,
                     'anyOf':[{'type':'integer'},{'type':'string'}]}}}
                    """),
                "s"))
        .isEmpty();
  }

  @Test
  void check_root_mustBeAnObjectAndLeaveMetadataAlone() {
    assertThat(SchemaRules.check(json("{'type':'string'}"), "s"))
        .extracting(FieldError::field)
        .containsExactly("s.type");
    assertThat(
            SchemaRules.check(
                json(
                    """
                    {'type':'object','properties':{'metadata':{'type':'object',
                     'properties':{'labels':{'type':'object'}}}}}
                    """),
                "s"))
        .extracting(FieldError::field)
        .containsExactly("s.properties[metadata]");
  }
}
