package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, methods and transport, as Consul 1.5.3 was seen to answer. */
final class ConsulPathsWireTest extends ConsulWire {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/kv/p%2Fq        | p/q",
        "/v1/kv/p%252Fq      | p%2Fq",
        "/v1/kv/a+b          | a+b",
        "/v1/kv/a%20b        | a b",
        "/v1/kv/%C3%A9       | é",
        "/v1/kv/a%3Fb        | a?b",
        "/v1/kv/a@b          | a@b",
        "/v1/kv/a*b          | a*b",
        "/v1/kv/t/           | t/",
        "/v1/kv/%2Fy         | /y",
        "/v1/kv/a;b          | a;b",
        "/v1/kv/a%2F%2Fb     | a//b",
        "/v1/kv/docker/nodes/10.0.0.1:2376 | docker/nodes/10.0.0.1:2376"
      })
  void key_isThePathDecodedOnce(String path, String key) throws IOException {
    assertThat(put(path, "x")).isEqualTo("true");

    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"" + key + "\"]");
    assertThat(get(path).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/kv/k+=&1:2376 | k+=\\u00261:2376",
        "/v1/kv/a%22b      | a\\\"b",
        "/v1/kv/a%3Cb      | a\\u003cb"
      })
  void key_isWrittenAsGoWritesJson(String path, String key) throws IOException {
    put(path, "x");

    assertThat(get(path).body()).contains("\"Key\":\"" + key + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"n%00l", "n%0Al", "d%7Fl", "a%C2%A0b"})
  void key_notPrintable_isABare400(String key) throws IOException {
    assertThat(shown(call("PUT", "/v1/kv/" + key, "x"))).isEqualTo("400 [] ");
    Answer answer = get("/v1/kv/" + key);
    assertThat(shown(answer)).isEqualTo("400 [] ");
    assertThat(answer.header("Vary")).isEmpty();
  }

  @Test
  void key_badEscape_isABadRequest() throws IOException {
    assertThat(shown(get("/v1/kv/a%zz")))
        .isEqualTo("400 [Connection=close Content-Type=text/plain; charset=utf-8] 400 Bad Request");
  }

  @Test
  void key_notUtf8_isRefusedInWords() throws IOException {
    assertThat(shown(call("PUT", "/v1/kv/x%FF", "x")))
        .isEqualTo("400 " + TEXT + "not valid UTF-8 in the path: keys are text here");
  }

  @Test
  void key_of3000Bytes_isStored() throws IOException {
    assertThat(put("/v1/kv/" + "L".repeat(3000), "x")).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "//v1/status/leader  | /v1/status/leader",
        "/v1/kv//x           | /v1/kv/x",
        "/v1/kv/a//b         | /v1/kv/a/b",
        "/v1/kv/a/./b        | /v1/kv/a/b",
        "/v1/kv/a/../b       | /v1/kv/b",
        "/v1/kv//?recurse    | /v1/kv/?recurse",
        "/v1/kv              | /v1/kv/",
        "/v1/session/info    | /v1/session/info/"
      })
  void path_notClean_isRedirected(String path, String location) throws IOException {
    Answer page = get(path);
    assertThat(shown(page))
        .isEqualTo(
            "307 [Content-Type=text/html; charset=utf-8 Location=%s] <a href=\"%s\">Temporary Redirect</a>.\n\n"
                .formatted(location, location));
    assertThat(page.header("Vary")).isEmpty();
    assertThat(shown(call("PUT", path, "x"))).isEqualTo("307 [Location=" + location + "] ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST  | /v1/kv/k              | OPTIONS,GET,PUT,DELETE",
        "PATCH | /v1/kv/k              | OPTIONS,GET,PUT,DELETE",
        "GET   | /v1/session/create    | OPTIONS,PUT",
        "GET   | /v1/session/renew/x   | OPTIONS,PUT",
        "PUT   | /v1/session/info/x    | OPTIONS,GET",
        "PUT   | /v1/session/list      | OPTIONS,GET",
        "PUT   | /v1/status/leader     | OPTIONS,GET"
      })
  void method_notAllowed_saysWhatIs(String method, String path, String allowed) throws IOException {
    assertThat(shown(call(method, path, "x")))
        .isEqualTo(
            "405 [Allow=%s Content-Type=text/plain; charset=utf-8] method %s not allowed"
                .formatted(allowed, method));
  }

  @Test
  void head_isNotAllowed() throws IOException {
    assertThat(shown(call("HEAD", "/v1/kv/a", "")))
        .isEqualTo("405 [Allow=OPTIONS,GET,PUT,DELETE Content-Type=text/plain; charset=utf-8] ");
  }

  @Test
  void options_saysWhatIsAllowed() throws IOException {
    assertThat(shown(call("OPTIONS", "/v1/kv/docker/a", "")))
        .isEqualTo("200 [Allow=OPTIONS,GET,PUT,DELETE] ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ui/", "/v1/", "/v1/nope", "/nope", "/v1/agent/version", "/v1/queryx"})
  void path_unknown_isABare404(String path) throws IOException {
    Answer answer = get(path);
    assertThat(shown(answer)).isEqualTo("404 [] ");
    assertThat(answer.header("Vary")).isEmpty();
  }

  @Test
  void root_saysWhoAnswers() throws IOException {
    assertThat(shown(get("/"))).isEqualTo("200 " + TEXT + "Consul Agent");
  }

  @Test
  void answers_varyByEncoding() throws IOException {
    put("/v1/kv/a", "1");

    assertThat(get("/v1/kv/a").header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(get("/v1/kv/none").header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(get("/v1/kv/a?index=x").header("Vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void gzip_isUsedForClientsThatTakeIt() throws IOException {
    put("/v1/kv/a", "1");

    assertThat(encoding("gzip")).isEqualTo("gzip");
    assertThat(encoding("deflate, gzip;q=0.5")).isEqualTo("gzip");
    assertThat(encoding("gzip;q=0")).isEmpty();
    assertThat(encoding("deflate")).isEmpty();
  }

  private String encoding(String accepted) throws IOException {
    http().send("GET /v1/kv/a HTTP/1.1\r\nHost: h\r\nAccept-Encoding: " + accepted + "\r\n\r\n");
    return http().answer().header("Content-Encoding");
  }

  @Test
  void gzip_unpacksToTheSameBody() throws Exception {
    put("/v1/kv/a", "1");
    String plain = get("/v1/kv/a").body();
    java.net.URI uri =
        java.net.URI.create("http://127.0.0.1:" + door.address().getPort() + "/v1/kv/a");
    try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
      java.io.InputStream body =
          client
              .send(
                  java.net.http.HttpRequest.newBuilder(uri)
                      .header("Accept-Encoding", "gzip")
                      .build(),
                  java.net.http.HttpResponse.BodyHandlers.ofInputStream())
              .body();

      assertThat(new java.util.zip.GZIPInputStream(body)).hasContent(plain);
    }
  }

  @Test
  void pretty_isIndentedByFour() throws IOException {
    put("/v1/kv/docker/a", "v1");

    assertThat(get("/v1/kv/docker/a?pretty").body())
        .isEqualTo(
            """
            [
                {
                    "LockIndex": 0,
                    "Key": "docker/a",
                    "Flags": 0,
                    "Value": "djE=",
                    "CreateIndex": 2,
                    "ModifyIndex": 2
                }
            ]
            """);
    assertThat(put("/v1/kv/b?pretty", "x")).isEqualTo("true\n");
    assertThat(get("/v1/session/list?pretty").body()).isEqualTo("[]\n");
  }

  @Test
  void body_isRawWhateverItsType() throws IOException {
    put("/v1/kv/form", "flags=9&cas=3");

    assertThat(get("/v1/kv/form").body())
        .contains("\"Flags\":0,\"Value\":\"ZmxhZ3M9OSZjYXM9Mw==\"");
  }

  @Test
  void body_without_contentType_isTaken() throws IOException {
    http().send("PUT /v1/session/create HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");

    assertThat(http().answer().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"524288,200", "524289,413", "1048577,413"})
  void value_overHalfAMebibyte_isTooLarge(int size, int status) throws IOException {
    Answer answer = call("PUT", "/v1/kv/big", "v".repeat(size));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isIn("true", "Value exceeds 524288 byte limit");
    assertThat(answer.header("Connection")).isEqualTo(status == 413 ? "close" : "");
  }

  @Test
  void body_overTheListenersLimit_isTooLargeAndEndsTheConnection() throws IOException {
    try (RawHttp big = door.connect()) {
      big.send("PUT /v1/kv/big HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n");

      assertThat(shown(big.answer()))
          .isEqualTo(
              "413 [Connection=close Content-Type=text/plain; charset=utf-8] Value exceeds 524288"
                  + " byte limit");
    }
  }
}
