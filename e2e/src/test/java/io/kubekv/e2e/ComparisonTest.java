package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NODE =
      "{'action':'get','node':{'key':'/a','value':'1','modifiedIndex':7,'createdIndex':5}}";

  private final Indexes indexes = new Indexes();

  ComparisonTest() {
    indexes.learn(5, 50);
    indexes.learn(7, 70);
  }

  @Test
  void difference_sameNodeWithTranslatedIndexes_isNone() {
    assertThat(
            compare(
                NODE,
                200,
                "{'action':'get','node':{'key':'/a','value':'1','modifiedIndex':70,'createdIndex':50}}"))
        .isEmpty();
  }

  @Test
  void difference_indexOfAnotherChange_isNamed() {
    assertThat(
            compare(
                    NODE,
                    200,
                    "{'action':'get','node':{'key':'/a','value':'1','modifiedIndex':70,'createdIndex':70}}")
                .orElseThrow())
        .contains("/node/createdIndex is 70");
  }

  @Test
  void difference_anotherValue_isNamed() {
    assertThat(
            compare(
                    NODE,
                    200,
                    "{'action':'get','node':{'key':'/a','value':'2','modifiedIndex':70,'createdIndex':50}}")
                .orElseThrow())
        .contains("/node/value is \"2\", recorded \"1\"");
  }

  @Test
  void difference_fieldTooMuch_isNamed() {
    assertThat(
            compare(
                    NODE,
                    200,
                    "{'action':'get','node':{'key':'/a','value':'1','ttl':3,'modifiedIndex':70,'createdIndex':50}}")
                .orElseThrow())
        .contains("/node/ttl is too much");
  }

  @Test
  void difference_anotherStatus_isNamed() {
    assertThat(
            compare(
                    NODE,
                    404,
                    "{'errorCode':100,'message':'Key not found','cause':'/a','index':70}")
                .orElseThrow())
        .contains("status 404 instead of 200");
  }

  @Test
  void difference_childrenOfAnUnsortedListingInAnotherOrder_isNone() {
    String listing =
        "{'action':'get','node':{'dir':true,'nodes':[{'key':'/a','value':'1'},{'key':'/b','value':'2'}]}}";
    String turned =
        "{'action':'get','node':{'dir':true,'nodes':[{'key':'/b','value':'2'},{'key':'/a','value':'1'}]}}";

    assertThat(compare(listing, 200, turned)).isEmpty();
  }

  @Test
  void difference_refusedComparison_translatesItsCause() {
    Exchange refused =
        exchange("{'errorCode':101,'message':'Compare failed','cause':'[5 != 7]','index':7}", 412);

    assertThat(
            compare(
                refused,
                412,
                "{'errorCode':101,'message':'Compare failed','cause':'[50 != 70]','index':70}"))
        .isEmpty();
    assertThat(
            compare(
                refused,
                412,
                "{'errorCode':101,'message':'Compare failed','cause':'[50 != 71]','index':71}"))
        .isPresent();
  }

  private Optional<String> compare(String recorded, int status, String replayed) {
    return compare(exchange(recorded, 200), status, replayed);
  }

  private Optional<String> compare(Exchange recorded, int status, String replayed) {
    String body = replayed.replace('\'', '"');
    HttpAnswer answer =
        new HttpAnswer(
            status, Map.of("content-type", "application/json", "x-etcd-index", "70"), body);
    return Comparison.difference(recorded, answer, JSON.readTree(body), indexes);
  }

  private static Exchange exchange(String answer, int status) {
    return new Exchange(
        1,
        1,
        "GET",
        "/v2/keys/a",
        Map.of(),
        "",
        status,
        JSON.readTree(answer.replace('\'', '"')),
        1,
        2,
        7);
  }
}
