package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static io.kubekv.embedded.TestTypes.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class PatchesTest {

  /** The examples of RFC 7386, appendix A, whose results are objects. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':'b'} | {'a':'c'} | {'a':'c'}",
        "{'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}",
        "{'a':'b'} | {'a':null} | {}",
        "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
        "{'a':['b']} | {'a':'c'} | {'a':'c'}",
        "{'a':'c'} | {'a':['b']} | {'a':['b']}",
        "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
        "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
        "{'e':null} | {'a':1} | {'e':null,'a':1}",
        "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}",
      })
  void mergePatch_rfc7386_examples(String target, String patch, String result) {
    ObjectNode before = object(target);

    assertThat(JsonMergePatch.apply(before, json(patch))).isEqualTo(object(result));
    assertThat(before).isEqualTo(object(target));
  }

  @Test
  void mergePatch_notAnObject_isABadRequest() {
    assertThatThrownBy(() -> JsonMergePatch.apply(object("{}"), json("['c']")))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void strategicPatch_withoutDirectives_isAMergePatch() {
    assertThat(
            JsonMergePatch.applyStrategic(
                object("{'metadata':{'labels':{'a':'1'}}}"),
                json("{'metadata':{'labels':{'a':null,'b':'2'}}}")))
        .isEqualTo(object("{'metadata':{'labels':{'b':'2'}}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'metadata':{'finalizers':['x']}}",
        "{'spec':{'$patch':'replace'}}",
        "{'metadata':{'$setElementOrder/ownerReferences':[]}}"
      })
  void strategicPatch_thatNeedsAStrategy_isRefused(String patch) {
    assertThatThrownBy(() -> JsonMergePatch.applyStrategic(object("{}"), json(patch)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(415));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}",
        "{'a':[1,3]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2,3]}",
        "{'a':[1]} | [{'op':'add','path':'/a/-','value':2}] | {'a':[1,2]}",
        "{'a':1} | [{'op':'remove','path':'/a'}] | {}",
        "{'a':1} | [{'op':'replace','path':'/a','value':{'x':1}}] | {'a':{'x':1}}",
        "{'a':{'x':1},'b':{}} | [{'op':'move','from':'/a/x','path':'/b/y'}] | {'a':{},'b':{'y':1}}",
        "{'a':{'x':1}} | [{'op':'copy','from':'/a','path':'/b'}] | {'a':{'x':1},'b':{'x':1}}",
        "{'a/b':1,'m~n':2} | [{'op':'test','path':'/a~1b','value':1},{'op':'test','path':'/m~0n','value':2}] | {'a/b':1,'m~n':2}",
      })
  void jsonPatch_operations_applyToACopy(String target, String patch, String result) {
    ObjectNode before = object(target);

    assertThat(JsonPatch.apply(before, json(patch))).isEqualTo(object(result));
    assertThat(before).isEqualTo(object(target));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'op':'test','path':'/a','value':2}]",
        "[{'op':'remove','path':'/missing'}]",
        "[{'op':'replace','path':'/missing','value':1}]",
        "[{'op':'add','path':'/x/y','value':1}]",
        "[{'op':'fly','path':'/a'}]",
        "[{'path':'/a'}]",
        "[5]",
        "[{'op':'copy','from':'nowhere','path':'/b'}]",
        "[{'op':'replace','path':'','value':[]}]",
      })
  void jsonPatch_thatCannotBeApplied_isUnprocessable(String patch) {
    assertThatThrownBy(() -> JsonPatch.apply(object("{'a':1}"), json(patch)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
  }

  @Test
  void jsonPatch_notAnArray_isABadRequest() {
    assertThatThrownBy(() -> JsonPatch.apply(object("{}"), json("{}")))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void jsonPatch_thatCopiesItselfLarger_isRefusedBeforeMemoryIsGone() {
    ArrayNode bomb = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < 60; i++) {
      bomb.addObject().put("op", "copy").put("from", "/a").put("path", "/a/x" + i);
    }

    assertThatThrownBy(() -> JsonPatch.apply(object("{'a':{'b':1}}"), bomb))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(413));
  }

  @Test
  void jsonPatch_ofTooManyOperations_isRefused() {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i <= JsonPatch.MAX_OPERATIONS; i++) {
      patch.addObject().put("op", "test").put("path", "/a").put("value", 1);
    }

    assertThatThrownBy(() -> JsonPatch.apply(object("{'a':1}"), patch))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(413));
  }
}
