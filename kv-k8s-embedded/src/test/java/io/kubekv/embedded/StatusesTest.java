package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.StringNode;

class StatusesTest {

  @Test
  void notFound_namesResourceGroupAndObject() {
    ApiException refusal = Statuses.notFound(TestTypes.keyValues(), "k1");

    assertThat(refusal.code()).isEqualTo(404);
    assertThat(refusal.status())
        .isEqualTo(
            json(
                """
                {'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure',
                 'message':'keyvalues.kubekv.io \\"k1\\" not found','reason':'NotFound','code':404,
                 'details':{'name':'k1','group':'kubekv.io','kind':'keyvalues'}}
                """));
  }

  @Test
  void notFound_inCoreGroup_hasNoGroup() {
    ApiException refusal = Statuses.notFound(TestTypes.namespaces(), "x");

    assertThat(refusal.getMessage()).isEqualTo("namespaces \"x\" not found");
    assertThat(refusal.status().path("details").has("group")).isFalse();
  }

  @Test
  void conflictAndAlreadyExists_differByReason() {
    ApiException conflict = Statuses.conflict(TestTypes.keyValues(), "k", Statuses.MODIFIED);
    ApiException exists = Statuses.alreadyExists(TestTypes.keyValues(), "k");

    assertThat(conflict.code()).isEqualTo(409);
    assertThat(conflict.reason()).isEqualTo("Conflict");
    assertThat(conflict.getMessage())
        .isEqualTo(
            "Operation cannot be fulfilled on keyvalues.kubekv.io \"k\": the object has been"
                + " modified; please apply your changes to the latest version and try again");
    assertThat(exists.code()).isEqualTo(409);
    assertThat(exists.reason()).isEqualTo("AlreadyExists");
  }

  @Test
  void invalid_hasACauseForEachField() {
    ApiException refusal =
        Statuses.invalid(
            TestTypes.keyValues(),
            "k",
            List.of(
                FieldError.required("spec.key", ""),
                FieldError.tooLong("spec.value", 5),
                FieldError.notSupported(
                    "spec.type", StringNode.valueOf("X"), List.of(StringNode.valueOf("Value"))),
                FieldError.invalid("spec.ttl", IntNode.valueOf(-1), "too small")));

    assertThat(refusal.getMessage())
        .isEqualTo(
            "KeyValue.kubekv.io \"k\" is invalid: [spec.key: Required value, spec.value: Too long:"
                + " may not be more than 5 bytes, spec.type: Unsupported value: \"X\": supported"
                + " values: \"Value\", spec.ttl: Invalid value: -1: too small]");
    assertThat(refusal.status().at("/details/kind").asString()).isEqualTo("KeyValue");
    assertThat(refusal.status().at("/details/causes/0"))
        .isEqualTo(
            json("{'reason':'FieldValueRequired','message':'Required value','field':'spec.key'}"));
    assertThat(refusal.status().at("/details/causes").size()).isEqualTo(4);
  }

  @Test
  void invalid_withOneError_hasNoBrackets() {
    ApiException refusal =
        Statuses.invalid(
            TestTypes.namespaces(), "k", List.of(FieldError.required("metadata.name", "name")));

    assertThat(refusal.getMessage())
        .isEqualTo("Namespace \"k\" is invalid: metadata.name: Required value: name");
  }

  @Test
  void tooLargeResourceVersion_hasItsCauseAndRetryAdvice() {
    ApiException refusal = Statuses.tooLargeResourceVersion(-1L, 7);

    assertThat(refusal.code()).isEqualTo(504);
    assertThat(refusal.reason()).isEqualTo("Timeout");
    assertThat(refusal.getMessage())
        .isEqualTo("Timeout: Too large resource version: 18446744073709551615, current: 7");
    assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
    assertThat(refusal.status().at("/details/causes/0/reason").asString())
        .isEqualTo("ResourceVersionTooLarge");
  }

  @Test
  void codesAndReasons_areThoseOfTheApi() {
    assertThat(List.of(Statuses.expired("x"), Statuses.tooOldResourceVersion(1, 2)))
        .allSatisfy(e -> assertThat(e.code() + e.reason()).isEqualTo("410Expired"));
    assertThat(Statuses.tooManyRequests("slow down", 3).retryAfterSeconds()).isEqualTo(3);
    assertThat(Statuses.unauthorized().code()).isEqualTo(401);
    assertThat(Statuses.methodNotAllowed().reason()).isEqualTo("MethodNotAllowed");
    assertThat(Statuses.notAcceptable(List.of("application/json")).code()).isEqualTo(406);
    assertThat(Statuses.unsupportedMediaType(List.of("application/json")).getMessage())
        .isEqualTo(
            "the body of the request was in an unknown format - accepted media types include:"
                + " application/json");
    assertThat(Statuses.requestEntityTooLarge("limit is 5").code()).isEqualTo(413);
    assertThat(Statuses.internalError("boom").getMessage())
        .isEqualTo("Internal error occurred: boom");
    assertThat(Statuses.unknownPath().getMessage())
        .isEqualTo("the server could not find the requested resource");
  }

  @Test
  void deleted_isASuccessThatNamesTheUid() {
    assertThat(Statuses.deleted(TestTypes.keyValues(), "k", "u-1"))
        .isEqualTo(
            json(
                """
                {'kind':'Status','apiVersion':'v1','metadata':{},'status':'Success',
                 'details':{'name':'k','group':'kubekv.io','kind':'keyvalues','uid':'u-1'}}
                """));
  }

  @Test
  void quote_escapesAsGoDoes() {
    assertThat(Statuses.quote("a\"b\\\n\u0001é")).isEqualTo("\"a\\\"b\\\\\\n\\x01é\"");
  }
}
