package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, as Consul 1.5.3 was seen to answer. */
final class ConsulKvWireTest extends ConsulWire {
  private static final String A =
      "[{\"LockIndex\":0,\"Key\":\"docker/a\",\"Flags\":0,\"Value\":\"djE=\",\"CreateIndex\":2,\"ModifyIndex\":2}]";

  @BeforeEach
  void fill() throws IOException {
    for (String key : new String[] {"docker/a", "docker/b/1", "docker/b/2", "dockerz", "other"}) {
      put("/v1/kv/" + key, "v1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?consistent=",
        "?stale=",
        "?consistent=false",
        "?token=deadbeef",
        "?ns=default",
        "?dc=dc1",
        "?dc=",
        "?index=&wait=1s",
        "?wait=",
        "?cached",
        "?max_stale=5s"
      })
  void hit_isAnArrayOfOne(String query) throws IOException {
    Answer answer = get("/v1/kv/docker/a" + query);

    assertThat(shown(answer)).isEqualTo("200 [" + READ + "] " + A);
    assertThat(index(answer)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "none/?recurse=", "none/?keys=", "none?raw"})
  void miss_hasTheHeadersOfAReadAndNoBody(String key) throws IOException {
    Answer answer = get("/v1/kv/" + key);

    assertThat(shown(answer)).isEqualTo(MISS);
    assertThat(answer.header("Content-Length")).isEqualTo("0");
    assertThat(index(answer)).isEqualTo(6);
  }

  @Test
  void index_ofALiveKey_isItsModifyIndex_whateverElseChanges() throws IOException {
    put("/v1/kv/unrelated", "1");

    Answer answer = get("/v1/kv/docker/a?consistent=");
    assertThat(index(answer)).isEqualTo(modifyIndex(answer)).isEqualTo(2);
  }

  @Test
  void index_ofAList_growsWithADeletion() throws IOException {
    long before = index(get("/v1/kv/docker/b/?recurse"));
    call("DELETE", "/v1/kv/docker/b/2", "");

    assertThat(index(get("/v1/kv/docker/b/?recurse"))).isGreaterThan(before);
    assertThat(index(get("/v1/kv/docker/b/?keys"))).isGreaterThan(before);
    assertThat(index(get("/v1/kv/docker/b/2"))).isGreaterThan(before);
  }

  @Test
  void recurse_isByStringPrefix_sorted_withTheKeyItself() throws IOException {
    put("/v1/kv/docker", "top");

    assertThat(get("/v1/kv/docker?recurse").body())
        .containsSubsequence(
            "\"docker\"", "\"docker/a\"", "\"docker/b/1\"", "\"docker/b/2\"", "\"dockerz\"")
        .doesNotContain("other");
    assertThat(get("/v1/kv/docker/?recurse=false").body())
        .doesNotContain("dockerz")
        .contains("/a\"");
    assertThat(get("/v1/kv/docker?raw&recurse").body()).startsWith("[{\"LockIndex\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docker?keys=                 | [\"docker/a\",\"docker/b/1\",\"docker/b/2\",\"dockerz\"]",
        "docker?keys=0&recurse        | [\"docker/a\",\"docker/b/1\",\"docker/b/2\",\"dockerz\"]",
        "docker/?keys=&separator=/    | [\"docker/a\",\"docker/b/\"]",
        "docker/?keys=&seperator=/    | [\"docker/a\",\"docker/b/\"]",
        "?keys&separator=/            | [\"docker/\",\"dockerz\",\"other\"]",
        "?keys&separator=er           | [\"docker\",\"other\"]",
        "?keys&separator=             |"
            + " [\"docker/a\",\"docker/b/1\",\"docker/b/2\",\"dockerz\",\"other\"]",
        "docker?keys=&separator=/     | [\"docker/\",\"dockerz\"]"
      })
  void keys_areCutBehindTheSeparator(String target, String keys) throws IOException {
    assertThat(shown(get("/v1/kv/" + target))).isEqualTo("200 [" + READ + "] " + keys);
  }

  @Test
  void emptyStore_hasIndexOne() throws IOException {
    call("DELETE", "/v1/kv/?recurse", "");
    try (ConsulUnderTest fresh = new ConsulUnderTest(EngineStore.inMemory());
        io.kubekv.transport.http.RawHttp http = fresh.connect()) {
      Answer miss = http.request("GET", "/v1/kv/nothing", "").answer();
      Answer keys = http.request("GET", "/v1/kv/?keys", "").answer();

      assertThat(index(miss)).isEqualTo(1);
      assertThat(shown(keys)).isEqualTo("200 [" + READ + "] []");
      assertThat(index(keys)).isEqualTo(1);
    }
    assertThat(shown(get("/v1/kv/?recurse"))).isEqualTo(MISS);
  }

  @Test
  void value_empty_isNull() throws IOException {
    put("/v1/kv/e", "");

    assertThat(entry("e"))
        .isEqualTo("[{\"LockIndex\":0,\"Key\":\"e\",\"Flags\":0,\"Value\":null}]");
    assertThat(shown(get("/v1/kv/e?raw"))).isEqualTo("200 [XC-Knownleader=true XC-Lastcontact=0] ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1            | text/plain; charset=utf-8",
        "<html><p>x    | text/html; charset=utf-8",
        "<?xml x       | text/xml; charset=utf-8",
        "%PDF-1        | application/pdf",
        "<btw          | text/plain; charset=utf-8"
      })
  void raw_typeIsGuessed(String value, String type) throws IOException {
    put("/v1/kv/r", value);

    Answer answer = get("/v1/kv/r?raw");
    assertThat(answer.header("Content-Type")).isEqualTo(type);
    assertThat(answer.body()).isEqualTo(value);
    assertThat(answer.header("X-Consul-Index")).isNotEmpty();
  }

  @Test
  void raw_bytes_areExact() throws IOException {
    http()
        .send(
            "PUT /v1/kv/bin HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\u0000\u00ff\n\u0080");
    http().answer();

    assertThat(get("/v1/kv/bin").body()).contains("\"Value\":\"AP8KgA==\"");
    assertThat(get("/v1/kv/bin?raw").header("Content-Type")).isEqualTo("application/octet-stream");
  }

  @Test
  void put_same_bumpsTheIndexAndKeepsTheCreateIndex() throws IOException {
    put("/v1/kv/docker/a", "v1");

    assertThat(get("/v1/kv/docker/a").body()).contains("\"CreateIndex\":2,\"ModifyIndex\":7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551615", "3304740253564472344", "0", "42"})
  void flags_areUnsigned64Bits(String flags) throws IOException {
    assertThat(shown(call("PUT", "/v1/kv/fl?flags=" + flags, "x"))).isEqualTo(YES);
    assertThat(entry("fl")).contains("\"Flags\":" + flags + ",");

    put("/v1/kv/fl", "x");
    assertThat(entry("fl")).contains("\"Flags\":0,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flags=18446744073709551616 | \"18446744073709551616\": value out of range",
        "flags=abc                  | \"abc\": invalid syntax",
        "flags=-1                   | \"-1\": invalid syntax",
        "flags=                     | \"\": invalid syntax",
        "cas=abc                    | \"abc\": invalid syntax",
        "cas=+1                     | \" 1\": invalid syntax",
        "cas=                       | \"\": invalid syntax"
      })
  void number_wrong_isNamed(String query, String error) throws IOException {
    assertThat(shown(call("PUT", "/v1/kv/c?" + query, "b")))
        .isEqualTo("500 " + TEXT + "strconv.ParseUint: parsing " + error);
    assertThat(get("/v1/kv/c").status()).isEqualTo(404);
  }

  @Test
  void cas_asConsulDoesIt() throws IOException {
    assertThat(put("/v1/kv/c1?cas=7", "a")).isEqualTo("false");
    assertThat(shown(call("PUT", "/v1/kv/c1?cas=0", "a"))).isEqualTo(YES);
    assertThat(shown(call("PUT", "/v1/kv/c1?cas=0", "b"))).isEqualTo(NO);
    assertThat(put("/v1/kv/c1?cas=5", "b")).isEqualTo("false");
    assertThat(put("/v1/kv/c1?cas=7&flags=3", "b")).isEqualTo("true");
    assertThat(entry("c1")).contains("\"Flags\":3,\"Value\":\"Yg==\"");
    assertThat(put("/v1/kv/c1?cas=8", "b")).as("an equal value").isEqualTo("true");
    assertThat(index(get("/v1/kv/c1"))).isEqualTo(9);
  }

  @Test
  void delete_asConsulDoesIt() throws IOException {
    assertThat(shown(call("DELETE", "/v1/kv/absent", ""))).isEqualTo(YES);
    assertThat(shown(call("DELETE", "/v1/kv/absent?cas=5", ""))).isEqualTo(YES);
    assertThat(shown(call("DELETE", "/v1/kv/absent?cas=0", ""))).isEqualTo(YES);
    assertThat(shown(call("DELETE", "/v1/kv/docker/a?cas=0", ""))).isEqualTo(NO);
    assertThat(shown(call("DELETE", "/v1/kv/docker/a?cas=9", ""))).isEqualTo(NO);
    assertThat(call("DELETE", "/v1/kv/docker/a?cas=x", "").body())
        .isEqualTo("strconv.ParseUint: parsing \"x\": invalid syntax");
    assertThat(index(get("/v1/kv/absent"))).as("nothing has changed").isEqualTo(6);
    assertThat(shown(call("DELETE", "/v1/kv/docker/a?cas=2", ""))).isEqualTo(YES);
    assertThat(shown(call("DELETE", "/v1/kv/other", "body"))).isEqualTo(YES);
    assertThat(get("/v1/kv/docker/a").status()).isEqualTo(404);
  }

  @Test
  void delete_recurse_isByStringPrefix() throws IOException {
    assertThat(shown(call("DELETE", "/v1/kv/docker?recurse=false", ""))).isEqualTo(YES);
    assertThat(shown(call("DELETE", "/v1/kv/none?recurse", ""))).isEqualTo(YES);

    assertThat(get("/v1/kv/?keys").body()).isEqualTo("[\"other\"]");
  }

  @ParameterizedTest
  @CsvSource({"GET,''", "GET,?raw", "PUT,''", "DELETE,''"})
  void key_empty_isMissing(String method, String query) throws IOException {
    assertThat(shown(call(method, "/v1/kv/" + query, method.equals("PUT") ? "x" : "")))
        .isEqualTo("400 " + TEXT + "Missing key name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | cas=0&acquire=x           | acquire=x&cas=0",
        "PUT    | acquire=x&release=y       | acquire=x&release=y",
        "PUT    | cas=0&acquire=x&release=y | acquire=x&cas=0&release=y",
        "PUT    | cas=0&acquire=a%20b*      | acquire=a+b%2A&cas=0",
        "DELETE | recurse&cas=1             | cas=1&recurse="
      })
  void flags_thatConflict_areShownSorted(String method, String query, String shown)
      throws IOException {
    assertThat(shown(call(method, "/v1/kv/docker/a?" + query, "x")))
        .isEqualTo("400 " + TEXT + "Conflicting flags: " + shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stale&consistent             | 400 | Cannot specify ?stale with ?consistent, conflicting"
            + " semantics.",
        "stale=false&consistent=false | 400 | Cannot specify ?stale with ?consistent, conflicting"
            + " semantics.",
        "index=1&wait=abc             | 400 | Invalid wait time",
        "index=1&wait=10              | 400 | Invalid wait time",
        "wait=abc                     | 400 | Invalid wait time",
        "index=abc                    | 400 | Invalid index",
        "index=-1                     | 400 | Invalid index",
        "dc=zz                        | 500 | No path to datacenter"
      })
  void parameter_wrong_isNamed(String query, int status, String text) throws IOException {
    assertThat(shown(get("/v1/kv/docker/a?" + query))).isEqualTo(status + " " + TEXT + text);
    assertThat(shown(call("PUT", "/v1/kv/docker/a?" + query, "x")))
        .as("also with a write")
        .isEqualTo(status + " " + TEXT + text);
  }

  @Test
  void put_otherParameters_areIgnored() throws IOException {
    assertThat(put("/v1/kv/docker/a?wait=3000ms&foo=bar", "v3")).isEqualTo("true");
    assertThat(call("DELETE", "/v1/kv/docker/zz?wait=3000ms", "").body()).isEqualTo("true");
  }
}
