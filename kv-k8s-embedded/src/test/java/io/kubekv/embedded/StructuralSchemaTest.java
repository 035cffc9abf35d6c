package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class StructuralSchemaTest {

  private static StructuralSchema spec(String specSchema) {
    ObjectNode schema = object("{'type':'object','required':['spec'],'properties':{}}");
    schema.withObjectProperty("properties").set("spec", object(specSchema));
    assertThat(SchemaRules.check(schema, "schema")).isEmpty();
    return StructuralSchema.compile(schema);
  }

  private static StructuralSchema field(String fieldSchema) {
    return spec("{'type':'object','properties':{'f':" + fieldSchema + "}}");
  }

  private static List<String> errors(StructuralSchema schema, String object) {
    return schema.validate(object(object)).stream().map(FieldError::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string'} | 5 | Invalid value: \"integer\": spec.f in body must be of type string: \"integer\"",
        "{'type':'integer'} | 'x' | Invalid value: \"string\": spec.f in body must be of type integer: \"string\"",
        "{'type':'integer'} | 1.5 | Invalid value: \"number\": spec.f in body must be of type integer: \"number\"",
        "{'type':'boolean'} | null | Invalid value: \"null\": spec.f in body must be of type boolean: \"null\"",
        "{'type':'string','maxLength':2} | 'abc' | Too long: may not be more than 2 bytes",
        "{'type':'string','minLength':1} | '' | Invalid value: \"\": spec.f in body should be at least 1 chars long",
        "{'type':'string','pattern':'^a+$'} | 'b' | Invalid value: \"b\": spec.f in body should match '^a+$'",
        "{'type':'string','enum':['A','B']} | 'C' | Unsupported value: \"C\": supported values: \"A\", \"B\"",
        "{'type':'integer','minimum':1} | 0 | Invalid value: 0: spec.f in body should be greater than or equal to 1",
        "{'type':'integer','maximum':9} | 10 | Invalid value: 10: spec.f in body should be less than or equal to 9",
        "{'type':'integer','maximum':9,'exclusiveMaximum':true} | 9 | Invalid value: 9: spec.f in body should be less than 9",
        "{'type':'integer','multipleOf':3} | 4 | Invalid value: 4: spec.f in body should be a multiple of 3",
        "{'type':'integer','format':'int32'} | 2147483648 | Invalid value: 2147483648: spec.f in body must be of type int32: \"2147483648\"",
        "{'type':'integer','format':'int64'} | 9223372036854775808 | Invalid value: \"number\": spec.f in body must be of type integer: \"number\"",
        "{'type':'string','format':'byte'} | 'a' | Invalid value: \"a\": spec.f in body must be of type byte: \"a\"",
        "{'type':'string','format':'date-time'} | 'noon' | Invalid value: \"noon\": spec.f in body must be of type date-time: \"noon\"",
        "{'type':'string','format':'date-time'} | '2026-02-30T00:00:00Z' | Invalid value: \"2026-02-30T00:00:00Z\": spec.f in body must be of type date-time: \"2026-02-30T00:00:00Z\"",
        "{'type':'string','format':'date-time'} | '2026-13-01T00:00:00Z' | Invalid value: \"2026-13-01T00:00:00Z\": spec.f in body must be of type date-time: \"2026-13-01T00:00:00Z\"",
        "{'type':'string','format':'date-time'} | '2026-01-02T25:00:00Z' | Invalid value: \"2026-01-02T25:00:00Z\": spec.f in body must be of type date-time: \"2026-01-02T25:00:00Z\"",
        "{'type':'string','format':'date-time'} | '2026-01-02 03:04:05Z' | Invalid value: \"2026-01-02 03:04:05Z\": spec.f in body must be of type date-time: \"2026-01-02 03:04:05Z\"",
        "{'type':'array','maxItems':1,'items':{'type':'string'}} | ['a','b'] | Too many: 2: must have at most 1 item",
        "{'x-kubernetes-int-or-string':true} | true | Invalid value: \"boolean\": spec.f in body must be of type integer,string: \"boolean\"",
        "{'type':'integer','anyOf':[{'minimum':5},{'maximum':1}]} | 3 | Invalid value: 3: spec.f in body must validate at least one schema (anyOf)",
        "{'type':'integer','oneOf':[{'minimum':2},{'minimum':3}]} | 4 | Invalid value: 4: spec.f in body must validate one and only one schema (oneOf)",
        "{'type':'integer','not':{'minimum':2}} | 4 | Invalid value: 4: spec.f in body must not validate the schema (not)",
        "{'type':'integer','allOf':[{'minimum':5}]} | 4 | Invalid value: 4: spec.f in body should be greater than or equal to 5",
      })
  void validate_brokenRule_saysWhatKubeApiserverSays(String schema, String value, String error) {
    assertThat(errors(field(schema), "{'spec':{'f':" + value + "}}"))
        .containsExactly("spec.f: " + error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string','maxLength':2} | '\\uD83D\\uDE00\\uD83D\\uDE00'",
        "{'type':'integer'} | 3.0",
        "{'type':'number'} | 3",
        "{'type':'string','nullable':true} | null",
        "{'x-kubernetes-int-or-string':true} | 7",
        "{'x-kubernetes-int-or-string':true} | '7'",
        "{'type':'string','format':'byte'} | 'aGk='",
        "{'type':'string','format':'date-time'} | '2026-01-02T03:04:05.123456Z'",
        "{'type':'string','format':'date-time'} | '2026-01-02T03:04:05Z'",
        "{'type':'string','format':'date-time'} | '2024-02-29T23:59:59Z'",
        "{'type':'string','format':'no-such-format'} | 'x'",
        "{'type':'integer','minimum':1,'maximum':9} | 9",
      })
  void validate_keptRule_hasNoErrors(String schema, String value) {
    assertThat(errors(field(schema), "{'spec':{'f':" + value + "}}")).isEmpty();
  }

  @Test
  void validate_missingRequired_namesTheField() {
    StructuralSchema schema =
        spec("{'type':'object','required':['key'],'properties':{'key':{'type':'string'}}}");

    assertThat(errors(schema, "{'spec':{}}")).containsExactly("spec.key: Required value");
    assertThat(errors(schema, "{}")).containsExactly("spec: Required value");
  }

  @Test
  void validate_nestedParts_haveFullPaths() {
    StructuralSchema schema =
        spec(
            """
            {'type':'object','properties':{
              'items':{'type':'array','items':{'type':'object','properties':{'n':{'type':'integer'}}}},
              'map':{'type':'object','additionalProperties':{'type':'integer'}}}}
            """);

    assertThat(errors(schema, "{'spec':{'items':[{'n':1},{'n':'x'}],'map':{'a':1,'b':true}}}"))
        .extracting(error -> error.substring(0, error.indexOf(':')))
        .containsExactly("spec.items[1].n", "spec.map.b");
  }

  @Test
  void validate_listSetAndMap_refuseDuplicates() {
    StructuralSchema schema =
        spec(
            """
            {'type':'object','properties':{
              'set':{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'set'},
              'map':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],
                     'items':{'type':'object','properties':{'k':{'type':'string'}}}}}}
            """);

    assertThat(errors(schema, "{'spec':{'set':['a','a'],'map':[{'k':'x'},{'k':'x'}]}}"))
        .containsExactly(
            "spec.set[1]: Duplicate value: \"a\"", "spec.map[1]: Duplicate value: {\"k\":\"x\"}");
  }

  @Test
  void validate_metadata_isCheckedWithoutBeingInTheSchema() {
    StructuralSchema schema = spec("{'type':'object'}");

    assertThat(errors(schema, "{'metadata':{'labels':{'a':1}},'spec':{}}"))
        .containsExactly(
            "metadata.labels.a: Invalid value: \"integer\": metadata.labels.a in body must be of"
                + " type string: \"integer\"");
  }

  @Test
  void normalize_unknownFields_areDroppedAndReported() {
    StructuralSchema schema = spec("{'type':'object','properties':{'a':{'type':'string'}}}");
    ObjectNode object =
        object(
            "{'apiVersion':'v1','kind':'K','metadata':{'name':'n','color':'red'},"
                + "'spec':{'a':'x','b':{'c':1}},'extra':1}");

    List<String> unknown = schema.normalize(object);

    assertThat(unknown).containsExactly("extra", "metadata.color", "spec.b");
    assertThat(object)
        .isEqualTo(
            object("{'apiVersion':'v1','kind':'K','metadata':{'name':'n'},'spec':{'a':'x'}}"));
  }

  @Test
  void normalize_preservingSchema_keepsUnknownFieldsButPrunesWhatItNames() {
    StructuralSchema schema =
        spec(
            """
            {'type':'object','x-kubernetes-preserve-unknown-fields':true,
             'properties':{'known':{'type':'object','properties':{'a':{'type':'string'}}}}}
            """);
    ObjectNode object = object("{'spec':{'free':{'x':1},'known':{'a':'1','b':'2'}}}");

    assertThat(schema.normalize(object)).containsExactly("spec.known.b");
    assertThat(object).isEqualTo(object("{'spec':{'free':{'x':1},'known':{'a':'1'}}}"));
  }

  @Test
  void normalize_defaults_fillAbsentAndNullFieldsAtEveryLevel() {
    StructuralSchema schema =
        spec(
            """
            {'type':'object','default':{},'properties':{
              'n':{'type':'integer','default':7},
              'inner':{'type':'object','default':{},'properties':{'s':{'type':'string','default':'d'}}},
              'plain':{'type':'string'},
              'keep':{'type':'string','nullable':true,'default':'d'}}}
            """);
    ObjectNode object = object("{'spec':{'n':null,'plain':null,'keep':null}}");
    ObjectNode empty = object("{}");

    schema.normalize(object);
    schema.normalize(empty);

    assertThat(object).isEqualTo(object("{'spec':{'n':7,'inner':{'s':'d'},'keep':null}}"));
    assertThat(empty).isEqualTo(object("{'spec':{'n':7,'inner':{'s':'d'},'keep':'d'}}"));
  }

  @Test
  void normalize_defaultsOfTwoObjects_areNotShared() {
    StructuralSchema schema =
        field("{'type':'object','default':{'a':'1'},'additionalProperties':{'type':'string'}}");
    ObjectNode first = object("{'spec':{}}");
    ObjectNode second = object("{'spec':{}}");

    schema.normalize(first);
    schema.normalize(second);
    ((ObjectNode) first.at("/spec/f")).put("a", "changed");

    assertThat(second.at("/spec/f/a").asString()).isEqualTo("1");
  }

  @Test
  void compile_withoutSchema_keepsEverything() {
    StructuralSchema schema = StructuralSchema.compile(object("{}"));
    ObjectNode object = object("{'metadata':{'name':'n'},'spec':{'a':[1,{'b':null}]}}");

    assertThat(schema.normalize(object)).isEmpty();
    assertThat(schema.validate(object)).isEmpty();
    assertThat(object.at("/spec/a/1").has("b")).isTrue();
  }

  @Test
  void compile_metadataNameRule_isEnforced() {
    StructuralSchema schema =
        StructuralSchema.compile(
            object(
                """
                {'type':'object','properties':{'metadata':{'type':'object',
                 'properties':{'name':{'type':'string','maxLength':3}}}}}
                """));

    assertThat(errors(schema, "{'metadata':{'name':'long'}}"))
        .containsExactly("metadata.name: Too long: may not be more than 3 bytes");
  }
}
