package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldValidationTest {

  @Test
  void apply_strict_refusesAndNamesEveryField() {
    assertThatThrownBy(
            () ->
                FieldValidation.STRICT.apply(
                    TestTypes.keyValues(), List.of("spec.key"), List.of("spec.foo")))
        .hasMessage(
            "KeyValue in version \"v1\" cannot be handled as a KeyValue: strict decoding error:"
                + " duplicate field \"spec.key\", unknown field \"spec.foo\"")
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void apply_warn_returnsWarnings() {
    assertThat(
            FieldValidation.parse("").apply(TestTypes.keyValues(), List.of(), List.of("spec.foo")))
        .containsExactly("unknown field \"spec.foo\"");
  }

  @Test
  void apply_ignore_saysNothing() {
    assertThat(
            FieldValidation.parse("Ignore")
                .apply(TestTypes.keyValues(), List.of("a"), List.of("b")))
        .isEmpty();
  }

  @Test
  void parse_unknownMode_isABadRequest() {
    assertThatThrownBy(() -> FieldValidation.parse("strict"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void jsonBody_duplicateFields_areReportedWithTheirPathsAndTheLastCounts() {
    JsonBody body =
        JsonBody.parse(
            "{\"a\":{\"b\":1,\"b\":2},\"c\":[{\"d\":1},{\"d\":1,\"d\":null}],\"e\":1.5}"
                .getBytes(StandardCharsets.UTF_8));

    assertThat(body.duplicates()).containsExactly("a.b", "c[1].d");
    assertThat(body.root())
        .isEqualTo(TestTypes.json("{'a':{'b':2},'c':[{'d':1},{'d':null}],'e':1.5}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1", "{\"a\":}", "{} {}", "nope", "{\"a\":\"\u0001\"}"})
  void jsonBody_malformed_isABadRequest(String body) {
    assertThatThrownBy(() -> JsonBody.parse(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void jsonBody_brokenUtf8_isABadRequest() {
    assertThatThrownBy(() -> JsonBody.parse(new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"'}))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void jsonBody_absurdlyDeep_isABadRequest() {
    assertThatThrownBy(() -> JsonBody.parse("[".repeat(100_000).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }
}
