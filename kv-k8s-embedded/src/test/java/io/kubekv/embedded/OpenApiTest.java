package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static io.kubekv.embedded.TestTypes.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
  private final ResourceType type =
      TestTypes.keyValues(
          object(
              """
              {'type':'object','description':'A key.','required':['spec'],'properties':{'spec':{
                'type':'object','properties':{
                  'key':{'type':'string','maxLength':512,'description':'The key.'},
                  'ttl':{'type':'integer','format':'int64','nullable':true},
                  'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true,
                          'properties':{'a':{'type':'string'}}},
                  'map':{'type':'object','additionalProperties':{'type':'string','default':'x'}},
                  'list':{'type':'array','items':{'type':'integer','minimum':1.5}},
                  'kind':{'type':'string','enum':['A','B'],'anyOf':[{'minLength':1}]}}}}}
              """));
  private final List<ResourceType> types = List.of(TestTypes.namespaces(), type);

  private JsonNode v3() {
    byte[] document = new OpenApi3(types).document("apis/kubekv.io/v1").orElseThrow();
    return JsonMapper.shared().readTree(document);
  }

  @Test
  void v3_root_listsDocumentsWithHashesThatFollowTheContent() {
    JsonNode root = new OpenApi3(types).root();
    JsonNode other = new OpenApi3(List.of(TestTypes.keyValues())).root();

    assertThat(root.path("paths").propertyNames()).containsExactly("api/v1", "apis/kubekv.io/v1");
    assertThat(url(root)).matches("/openapi/v3/apis/kubekv.io/v1\\?hash=[0-9A-F]{64}");
    assertThat(url(root)).isEqualTo(url(new OpenApi3(types).root())).isNotEqualTo(url(other));
  }

  private static String url(JsonNode root) {
    return root.path("paths").path("apis/kubekv.io/v1").path("serverRelativeURL").asString();
  }

  @Test
  void v3_document_hasWhatKubectlExplainLooksFor() {
    JsonNode document = v3();
    JsonNode path =
        document.path("paths").path("/apis/kubekv.io/v1/namespaces/{namespace}/keyvalues");
    JsonNode schema = document.at("/components/schemas/io.kubekv.v1.KeyValue");

    assertThat(path.at("/get/x-kubernetes-group-version-kind"))
        .isEqualTo(json("{'group':'kubekv.io','version':'v1','kind':'KeyValue'}"));
    assertThat(schema.at("/x-kubernetes-group-version-kind/0/kind").asString())
        .isEqualTo("KeyValue");
    assertThat(schema.path("properties").propertyNames())
        .containsExactly("apiVersion", "kind", "metadata", "spec");
    assertThat(schema.at("/properties/spec/properties/ttl/nullable").asBoolean()).isTrue();
    assertThat(document.at("/components/schemas").has(OpenApiDefinitions.OBJECT_META)).isTrue();
  }

  @Test
  void v3_patch_offersFieldValidation() {
    JsonNode patch =
        v3().path("paths")
            .path("/apis/kubekv.io/v1/namespaces/{namespace}/keyvalues/{name}")
            .path("patch");

    assertThat(patch.path("parameters").findValuesAsString("name"))
        .containsExactly("dryRun", "fieldManager", "fieldValidation");
  }

  @Test
  void v3_unknownGroup_isEmpty() {
    assertThat(new OpenApi3(types).document("apis/apps/v1")).isEmpty();
  }

  @Test
  void v2_document_dropsWhatItCannotSay() {
    JsonNode schema = new OpenApi2(types).json().path("definitions").path("io.kubekv.v1.KeyValue");
    JsonNode spec = schema.at("/properties/spec/properties");

    assertThat(schema.at("/properties/metadata/$ref").asString())
        .isEqualTo("#/definitions/" + OpenApiDefinitions.OBJECT_META);
    assertThat(spec.path("ttl")).isEqualTo(json("{'format':'int64'}"));
    assertThat(spec.path("free").has("properties")).isFalse();
    assertThat(spec.at("/map/additionalProperties")).isEqualTo(json("{'type':'string'}"));
    assertThat(spec.path("kind")).isEqualTo(json("{'type':'string','enum':['A','B']}"));
  }

  @Test
  void v2_core_isNamedAsInKubernetes() {
    assertThat(OpenApiDefinitions.name(TestTypes.namespaces()))
        .isEqualTo("io.k8s.api.core.v1.Namespace");
  }

  @Test
  void gnostic_document_hasTheFieldNumbersOfOpenApiV2Proto() {
    byte[] encoded =
        Gnostic.encode(
            object(
                """
                {'swagger':'2.0','info':{'title':'t','version':'v'},
                 'definitions':{'D':{'type':'object','x-k':[1]}}}
                """));

    String expected =
        "0a03"
            + hex("2.0") // Document.swagger = 1
            + "1206"
            + "0a01"
            + hex("t")
            + "1201"
            + hex("v") // Document.info = 2
            + "4a21" // Document.definitions = 9
            + "0a1f" // Definitions.additional_properties = 1: NamedSchema
            + "0a01"
            + hex("D") // name = 1
            + "121a" // value = 2: Schema
            + "b20108"
            + "0a06"
            + hex("object") // Schema.type = 22: TypeItem.value = 1
            + "fa010c" // Schema.vendor_extension = 31: NamedAny
            + "0a03"
            + hex("x-k")
            + "1205"
            + "1203"
            + hex("[1]"); // Any.yaml = 2
    assertThat(HexFormat.of().formatHex(encoded)).isEqualTo(expected);
  }

  @Test
  void gnostic_unknownMember_isRefusedRatherThanLost() {
    assertThatThrownBy(() -> Gnostic.encode(object("{'swagger':'2.0','tags':[]}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void gnostic_wholeDocument_isEncoded() {
    String encoded = new String(new OpenApi2(types).protobuf(), StandardCharsets.ISO_8859_1);

    assertThat(encoded).contains("io.kubekv.v1.KeyValue", "The key.", "dryRun", "int64");
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
