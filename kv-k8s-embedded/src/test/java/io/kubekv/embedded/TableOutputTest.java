package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.embedded.Negotiation.Form;
import io.kubekv.embedded.TableOutput.IncludeObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TableOutputTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private final TableOutput output = new TableOutput(TestTypes.keyValues());
  private final JsonNode object =
      json(
          """
          {'apiVersion':'kubekv.io/v1','kind':'KeyValue',
           'metadata':{'name':'k1','creationTimestamp':'2026-01-01T23:59:55Z'},
           'spec':{'key':'a/b','version':3,'value':'x'}}
          """);

  private JsonNode table(IncludeObject include, boolean header) {
    return output.table(
        List.of(object), json("{'resourceVersion':'7','uid':'u'}"), "v1", include, header, NOW);
  }

  @Test
  void table_hasNameThenPrinterColumns() {
    JsonNode table = table(IncludeObject.METADATA, true);

    assertThat(table.path("kind").asString()).isEqualTo("Table");
    assertThat(table.path("apiVersion").asString()).isEqualTo("meta.k8s.io/v1");
    assertThat(table.path("metadata")).isEqualTo(json("{'resourceVersion':'7'}"));
    assertThat(table.path("columnDefinitions").findValuesAsString("name"))
        .containsExactly("Name", "Key", "Version", "Value", "Age");
    assertThat(table.at("/columnDefinitions/3/priority").asInt()).isEqualTo(1);
    assertThat(table.at("/rows/0/cells")).isEqualTo(json("['k1','a/b',3,'x','5s']"));
    assertThat(table.at("/rows/0/object/kind").asString()).isEqualTo("PartialObjectMetadata");
    assertThat(table.at("/rows/0/object").has("spec")).isFalse();
  }

  @Test
  void table_ofALaterWatchEvent_hasNoHeader() {
    assertThat(table(IncludeObject.NONE, false).path("columnDefinitions").size()).isZero();
  }

  @Test
  void table_includeObject_isObeyed() {
    assertThat(table(IncludeObject.NONE, true).at("/rows/0").has("object")).isFalse();
    assertThat(table(IncludeObject.OBJECT, true).at("/rows/0/object")).isEqualTo(object);
  }

  @Test
  void table_missingOrMistypedValue_isNull() {
    JsonNode table =
        output.table(
            List.of(json("{'metadata':{'name':'n'},'spec':{'version':'three'}}")),
            json("{}"),
            "v1",
            IncludeObject.NONE,
            true,
            NOW);

    assertThat(table.at("/rows/0/cells")).isEqualTo(json("['n',null,null,null,null]"));
  }

  @Test
  void metadataList_carriesNoContent() {
    JsonNode list =
        TableOutput.metadataList(List.of(object), json("{'resourceVersion':'7'}"), "v1");

    assertThat(list.path("kind").asString()).isEqualTo("PartialObjectMetadataList");
    assertThat(list.at("/items/0/metadata/name").asString()).isEqualTo("k1");
    assertThat(list.at("/items/0").has("spec")).isFalse();
  }

  @Test
  void includeObject_unknownWord_isABadRequest() {
    assertThat(IncludeObject.parse("")).isEqualTo(IncludeObject.METADATA);
    assertThatThrownBy(() -> IncludeObject.parse("All"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T00:00:01Z, 0s",
    "2026-01-02T00:00:10Z, <invalid>",
    "2026-01-01T23:58:01Z, 119s",
    "2026-01-01T23:55:00Z, 5m",
    "2026-01-01T23:54:30Z, 5m30s",
    "2026-01-01T22:00:00Z, 120m",
    "2026-01-01T18:30:00Z, 5h30m",
    "2026-01-01T12:00:00Z, 12h",
    "2025-12-29T23:00:00Z, 3d1h",
    "2025-11-01T00:00:00Z, 62d",
    "2023-01-01T00:00:00Z, 3y2d",
    "2010-01-01T00:00:00Z, 16y",
    "yesterday, <unknown>",
  })
  void ages_areWordedAsKubectlDoes(String timestamp, String age) {
    assertThat(Ages.since(timestamp, NOW)).isEqualTo(age);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | OBJECT | v1",
        "*/* | OBJECT | v1",
        "application/json | OBJECT | v1",
        "application/vnd.kubernetes.protobuf,application/json | OBJECT | v1",
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json | TABLE | v1",
        "application/json;as=Table;v=v1beta1;g=meta.k8s.io | TABLE | v1beta1",
        "application/json;as=Table;v=v2;g=meta.k8s.io,application/json | OBJECT | v1",
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1 | METADATA | v1",
        "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1 | METADATA | v1",
        "text/html, application/xhtml+xml, */*; q=0.8 | OBJECT | v1",
      })
  void negotiation_firstServableClauseWins(String accept, Form form, String version) {
    assertThat(Negotiation.object(accept)).isEqualTo(new Negotiation.Answer(form, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.kubernetes.protobuf",
        "text/html",
        "application/json;as=Tabel;v=v1;g=meta.k8s.io",
        "application/cbor"
      })
  void negotiation_nothingServable_isNotAcceptable(String accept) {
    assertThatThrownBy(() -> Negotiation.object(accept))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(406));
  }

  @Test
  void negotiation_discovery_takesAggregatedWhenAsked() {
    String asked =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
            + "application/json";

    assertThat(Negotiation.discovery(asked)).hasValue("v2");
    assertThat(Negotiation.discovery("application/json")).isEmpty();
  }

  @Test
  void negotiation_openApi_prefersWhatStandsFirst() {
    assertThat(Negotiation.wantsProtobufOpenApi(Negotiation.OPENAPI_PROTOBUF)).isTrue();
    assertThat(Negotiation.wantsProtobufOpenApi("application/json, */*")).isFalse();
  }
}
