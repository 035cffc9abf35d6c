package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "app=web | true",
        "app==web | true",
        "app!=web | false",
        "app in (db, web) | true",
        "app in (db) | false",
        "app notin (db,web) | false",
        "missing notin (db) | true",
        "missing!=x | true",
        "missing=x | false",
        "app | true",
        "missing | false",
        "!missing | true",
        "! app | false",
        "app=web,tier in (1,2),!missing | true",
        "app=web,tier=2 | false",
        "tier>0 | true",
        "tier<1 | false",
        "app>0 | false",
        "empty= | true",
        "empty in (a,) | true",
        "example.com/role=x | true",
        "in | false",
        " app = web , tier = 1 | true",
      })
  void labelSelector_matches_asKubernetesDoes(String selector, boolean matches) {
    var labels = json("{'app':'web','tier':'1','empty':'','example.com/role':'x'}");

    assertThat(LabelSelector.parse(selector).matches(labels)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a in", "a in (", "a=b,", ",a", "=b", "a=b c", "a!b", "x>y", "-a=b", "a=-b", "a in (b",
        "()", "a=b=c", "a b"
      })
  void labelSelector_malformed_isABadRequest(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void labelSelector_empty_selectsObjectsWithoutLabels() {
    assertThat(LabelSelector.parse("").matches(json("{}").path("labels"))).isTrue();
    assertThat(LabelSelector.parse(" ").isEverything()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "metadata.name=k1 | true",
        "metadata.name!=k1 | false",
        "metadata.namespace==ns,spec.type=Value | true",
        "spec.type=Marker | false",
        "metadata.name=a\\,b | false",
      })
  void fieldSelector_matches_knownFields(String selector, boolean matches) {
    var object = json("{'metadata':{'name':'k1','namespace':'ns'},'spec':{'type':'Value'}}");

    assertThat(FieldSelector.parse(selector, TestTypes.keyValues()).matches(object))
        .isEqualTo(matches);
  }

  @Test
  void fieldSelector_missingField_countsAsEmpty() {
    var object = json("{'metadata':{'name':'k1'},'spec':{}}");

    assertThat(FieldSelector.parse("spec.type=", TestTypes.keyValues()).matches(object)).isTrue();
    assertThat(FieldSelector.parse("spec.type!=", TestTypes.keyValues()).matches(object)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec.key=x", "metadata.name", "metadata.name=a=b", "metadata.name=a\\x"})
  void fieldSelector_unsupportedOrMalformed_isABadRequest(String selector) {
    assertThatThrownBy(() -> FieldSelector.parse(selector, TestTypes.keyValues()))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void fieldSelector_exactName_isKnownForAShortCut() {
    ResourceType type = TestTypes.keyValues();

    assertThat(FieldSelector.parse("spec.type=Value,metadata.name=k1", type).exactName())
        .hasValue("k1");
    assertThat(FieldSelector.parse("metadata.name!=k1", type).exactName()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ".a.b | [1]",
        ".a['x.y'] | [2]",
        ".list[1].n | [20]",
        ".list[*].n | [10,20]",
        ".conditions[?(@.type=='Ready')].status | ['True']",
        ".missing.b | []",
        ".list[7].n | []",
      })
  void jsonPath_find_followsTheSubsetOfPrinterColumns(String path, String found) {
    var root =
        json(
            """
            {'a':{'b':1,'x.y':2},'list':[{'n':10},{'n':20}],
             'conditions':[{'type':'Ready','status':'True'},{'type':'Other','status':'False'}]}
            """);

    assertThat(JsonPath.compile(path).find(root).toString().replace(" ", ""))
        .isEqualTo(json(found).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", ".a[", ".a[?(@.b>1)]", "..a", ".a[1:2]"})
  void jsonPath_outsideTheSubset_isRefused(String path) {
    assertThatThrownBy(() -> JsonPath.compile(path)).isInstanceOf(IllegalArgumentException.class);
  }
}
