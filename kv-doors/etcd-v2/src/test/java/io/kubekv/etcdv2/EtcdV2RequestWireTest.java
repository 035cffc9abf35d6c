package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests are read: paths, parameters, forms, and what is wrong with them. */
final class EtcdV2RequestWireTest extends EtcdV2Wire {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | recursive=            | 209 | Invalid field | invalid value for \\"recursive\\"
          GET    | recursive=yes         | 209 | Invalid field | invalid value for \\"recursive\\"
          GET    | sorted=2              | 209 | Invalid field | invalid value for \\"sorted\\"
          GET    | wait                  | 209 | Invalid field | invalid value for \\"wait\\"
          GET    | dir=tRue              | 209 | Invalid field | invalid value for \\"dir\\"
          GET    | quorum=x              | 209 | Invalid field | invalid value for \\"quorum\\"
          GET    | stream=x              | 209 | Invalid field | invalid value for \\"stream\\"
          PUT    | noValueOnSuccess=x    | 209 | Invalid field | invalid value for \\"noValueOnSuccess\\"
          PUT    | prevExist=            | 209 | Invalid field | invalid value for prevExist
          PUT    | refresh=maybe         | 209 | Invalid field | invalid value for refresh
          PUT    | wait=true             | 209 | Invalid field | \\"wait\\" can only be used with GET requests
          PUT    | prevValue=            | 201 | PrevValue is Required in POST form | \\"prevValue\\" cannot be empty
          PUT    | ttl=abc               | 202 | The given TTL in POST form is not a number | invalid value for \\"ttl\\"
          PUT    | ttl=-1                | 202 | The given TTL in POST form is not a number | invalid value for \\"ttl\\"
          PUT    | ttl=1.5               | 202 | The given TTL in POST form is not a number | invalid value for \\"ttl\\"
          PUT    | prevIndex=            | 203 | The given index in POST form is not a number | invalid value for \\"prevIndex\\"
          PUT    | prevIndex=-1          | 203 | The given index in POST form is not a number | invalid value for \\"prevIndex\\"
          PUT    | prevIndex=%2B1        | 203 | The given index in POST form is not a number | invalid value for \\"prevIndex\\"
          GET    | waitIndex=18446744073709551616 | 203 | The given index in POST form is not a number | invalid value for \\"waitIndex\\"
          PUT    | a=%zz                 | 210 | Invalid POST form | invalid URL escape \\"%zz\\"
          PUT    | a=%2                  | 210 | Invalid POST form | invalid URL escape \\"%2\\"
          PUT    | a;b=3                 | 210 | Invalid POST form | invalid semicolon separator in query
          PUT    | refresh=true&ttl=5&value=z | 211 | Value provided on refresh | A value was provided on a refresh
          PUT    | refresh=true          | 212 | A TTL must be provided on refresh | No TTL value set
          """)
  void badParameter_isNamed(String method, String query, int code, String message, String cause)
      throws IOException {
    Answer answer = call(method, keys("/k?" + query));

    assertThat(answer.body())
        .isEqualTo(
            "{\"errorCode\":"
                + code
                + ",\"message\":\""
                + message
                + "\",\"cause\":\""
                + cause
                + "\",\"index\":0}\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("X-Etcd-Index")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "t", "T", "TRUE", "true", "True"})
  void flags_areReadAsGoDoes(String yes) throws IOException {
    assertThat(put("/d?dir=" + yes, "").body()).contains("\"dir\":true");
  }

  @Test
  void unknownParameters_areIgnored() throws IOException {
    assertThat(put("/k?consistent=true&whatever=1", "value=1").status()).isEqualTo(201);
  }

  @Test
  void bodyAndQuery_areMerged_bodyFirst() throws IOException {
    assertThat(put("/k?value=query&value=again", "value=body&value=late").body())
        .contains("\"value\":\"body\"");
    assertThat(put("/q?value=query", "ttl=60").body())
        .contains("\"value\":\"query\"")
        .contains("\"ttl\":60");
    assertThat(put("/k", "prevValue=body&value=2").body()).contains("compareAndSwap");
  }

  @Test
  void body_withoutFormType_isNoForm() throws IOException {
    String request =
        "PUT "
            + keys("/k?value=query")
            + " HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\nvalue=1";

    assertThat(http().send(request).answer().body()).contains("\"value\":\"query\"");
  }

  @Test
  void chunkedBody_isReadAsAny() throws IOException {
    String request =
        "PUT "
            + keys("/k")
            + " HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "4\r\n"
            + "valu\r\n"
            + "5\r\n"
            + "e=abc\r\n"
            + "0\r\n\r\n";

    assertThat(http().send(request).answer().body()).contains("\"value\":\"abc\"");
  }

  @Test
  void formValues_plusIsASpace() throws IOException {
    assertThat(put("/k", "value=a+b%2Bc%26%3d").body()).contains("\"value\":\"a b+c\\u0026=\"");
  }

  @Test
  void path_isDecodedOnce() throws IOException {
    assertThat(put("/a%20b+c=&1:2%2525", "value=1").body()).contains("/a b+c=\\u00261:2%25\"");
    assertThat(shape(put("/x/%E2%82%AC%2Fz", "value=1"))).contains("\"key\":\"/T/x/€/z\"");
  }

  @Test
  void values_areEscapedAsGoDoes() throws IOException {
    String form =
        "value=%3C%26%3E%22%5C%0A%0D%09%01%7F%E2%80%A8%E2%80%A9%FF%ED%A0%80%F0%9F%98%80%EF%BF%BD%00";

    assertThat(put("/k", form).body())
        .contains(
            "\"value\":\"\\u003c\\u0026\\u003e\\\"\\\\\\n"
                + "\\r"
                + "\\t\\u0001\u007f\\u2028\\u2029\\ufffd\\ufffd\\ufffd\\ufffd😀\ufffd\\u0000\"");
  }

  @Test
  void key_brokenUtf8_isRefused() throws IOException {
    assumeFalse(WireServer.isEtcd(), "etcd takes any bytes for a key");

    Answer answer = put("/bad%FF", "value=1");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"errorCode\":209").contains("not valid UTF-8");
  }

  @Test
  void path_badEscape_isNoRequest() throws IOException {
    Answer answer = call("GET", "/v2/keys/a%zz");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("400 Bad Request");
    assertThat(http().isCut()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/keys/\u0001", "/v2/keys/a?x=\u001b[31m", "/v2//keys?\u007f"})
  void target_withControlCharacters_isNoUrl(String target) throws IOException {
    Answer answer = call("GET", target);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("400 Bad Request");
    assertThat(http().isCut()).isTrue();
  }

  @Test
  void path_unclean_withOddQuery_isMovedWithTheQueryEscaped() throws IOException {
    assertThat(call("GET", "/v2/keys//a?x=\u00c1").header("Location"))
        .isEqualTo("/v2/keys/a?x=%c1");
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/keys//a/b, /v2/keys/a/b",
    "/v2/keys/a/../b, /v2/keys/b",
    "/v2/keys/./a?x=1, /v2/keys/a?x=1",
    "//v2/keys, /v2/keys",
    "/v2/keys/.., /v2",
    "/v2/keys/a%2F%2Fb, /v2/keys/a/b",
    "/v2/keys//a%20b%E2%82%AC/, /v2/keys/a%20b%E2%82%AC/"
  })
  void path_unclean_isMoved(String target, String clean) throws IOException {
    Answer get = call("GET", target);
    Answer put = call("PUT", target);

    assertThat(get.status()).isEqualTo(301);
    assertThat(get.header("Location")).isEqualTo(clean);
    assertThat(get.body()).isEqualTo("<a href=\"" + clean + "\">Moved Permanently</a>.\n\n");
    assertThat(put.status()).isEqualTo(301);
    assertThat(put.header("Location")).isEqualTo(clean);
    assertThat(put.body()).isEmpty();
  }

  @Test
  void method_unknown_isNotAllowed() throws IOException {
    for (String method : new String[] {"PATCH", "BREW", "TRACE"}) {
      Answer answer = call(method, keys("/k"));

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("HEAD,GET,PUT,POST,DELETE");
      assertThat(answer.body()).isEqualTo("Method Not Allowed\n");
    }
  }

  @Test
  void options_isAnsweredEverywhere() throws IOException {
    for (String target : new String[] {keys("/k"), "/nowhere", "/v2/members"}) {
      Answer answer = call("OPTIONS", target);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("Access-Control-Allow-Methods"))
          .isEqualTo("POST, GET, OPTIONS, PUT, DELETE");
      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v2", "/v2/", "/v2/keysx", "/v2/stats", "/v2/auth", "/v1/keys"})
  void path_unknown_isNotFound(String path) throws IOException {
    Answer answer = call("GET", path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("404 page not found\n");
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void largeValue_roundTrips() throws IOException {
    String value = "0123456789abcdef".repeat(32 * 1024);
    put("/big:key+%25", "value=" + value);

    assertThat(get("/big:key+%25").body().getBytes(StandardCharsets.UTF_8).length)
        .isGreaterThan(value.length());
  }

  @Test
  void body_overTheLimit_isRefusedAndCutOff() throws IOException {
    assumeFalse(WireServer.isEtcd(), "etcd takes 10 MB");
    http()
        .send("PUT " + keys("/k") + " HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");

    Answer answer = http().answer();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).startsWith("{\"errorCode\":210,");
    assertThat(http().isCut()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "application/x-www-form-urlencoded; =       | invalid media parameter",
        "application/x-www-form-urlencoded; charset | invalid media parameter",
        "application/x-www-form-urlencoded; a=\"b    | invalid media parameter",
        "application/x-www-form-urlencoded; a=b; a=c | duplicate parameter name",
        "application/x-www-form-urlencoded/x        | unexpected content after media subtype",
        "application/                               | expected token after slash",
        "a b                                        | expected slash after first token",
        ";                                          | no media type",
        ",                                          | no media type"
      })
  void contentType_thatCannotBeRead_isRefusedAndNothingIsDone(String type, String why)
      throws IOException {
    put("/k", "value=old");

    Answer answer = typed("PUT", type, "value=new&prevIndex=1");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "{\"errorCode\":210,\"message\":\"Invalid POST form\",\"cause\":\"mime: "
                + why
                + "\",\"index\":0}\n");
    assertThat(typed("PUT", type, "").status()).isEqualTo(400);
    assertThat(typed("GET", type, "").body()).contains("\"value\":\"old\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "application/x-www-form-urlencoded; charset=utf-8      | x",
        "application/x-www-form-urlencoded ; a=\"u;t=f\" ;      | x",
        "Application/X-WWW-Form-URLEncoded                     | x",
        "application/x-www-form-urlencoded;                    | x",
        "text                                                  | ~~",
        "text/plain                                            | ~~"
      })
  void contentType_decidesWhetherTheBodyIsAForm(String type, String value) throws IOException {
    assertThat(typed("PUT", type, "value=x").body()).contains("\"value\":\"" + value + "\"");
  }

  private Answer typed(String method, String type, String body) throws IOException {
    String head = method + " " + keys("/k") + " HTTP/1.1\r\nHost: h\r\nContent-Type: " + type;
    String length = "\r\nContent-Length: " + body.length() + "\r\n\r\n";
    return http().send(head + length + body).answer();
  }
}
