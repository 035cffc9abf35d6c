package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.SessionSpec;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.MemoryHarness;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, as Consul 1.5.3 was seen to answer. */
final class ConsulSessionsWireTest extends ConsulWire {
  private static final String CREATED = "200 [Content-Type=application/json] {\"ID\":\"<id>\"}";

  private String created(String body) throws IOException {
    return shown(call("PUT", "/v1/session/create", body))
        .replaceFirst("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>");
  }

  /** What a session of this body looks like, ID and indexes left out. */
  private String entryOf(String body) throws IOException {
    String id = session(body);
    return get("/v1/session/info/" + id)
        .body()
        .replace("\"ID\":\"" + id + "\",", "")
        .replaceAll(",\"(Create|Modify)Index\":\\d+", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "{\"Foo\":1}",
        "{\"TTL\":\"1s\"}",
        "{\"TTL\":\"24h\"}",
        "{\"TTL\":\"\"}",
        "{\"TTL\":\"0s\"}",
        "{\"LockDelay\":\"-1s\"}",
        "{\"Behavior\":\"\"}",
        "{\"Checks\":[]}",
        "{\"NodeChecks\":[\"nope\"]}",
        "{\"ServiceChecks\":[{\"ID\":\"nope\"}]}",
        "{} trailing",
        "{\"Node\":\"kubekv\",\"Checks\":[\"serfHealth\"]}",
        "{\"ID\":\"" + NOBODY + "\"}"
      })
  void create_takes(String body) throws IOException {
    assertThat(created(body)).isEqualTo(CREATED).doesNotContain(NOBODY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"TTL\":\"500ms\"}   | 500 | Invalid Session TTL '500000000', must be between"
            + " [1s=24h0m0s]",
        "{\"TTL\":\"86401s\"}  | 500 | Invalid Session TTL '86401000000000', must be between"
            + " [1s=24h0m0s]",
        "{\"TTL\":\"-5s\"}     | 500 | Invalid Session TTL '-5000000000', must be between"
            + " [1s=24h0m0s]",
        "{\"TTL\":\"abc\"}     | 500 | Session TTL 'abc' invalid: time: invalid duration \"abc\"",
        "{\"TTL\":\"30\"}      | 500 | Session TTL '30' invalid: time: missing unit in duration"
            + " \"30\"",
        "{\"LockDelay\":\"abc\"} | 400 | Request decode failed: time: invalid duration \"abc\"",
        "{\"LockDelay\":\"15\"} | 400 | Request decode failed: time: missing unit in duration"
            + " \"15\"",
        "{\"Behavior\":\"foo\"} | 500 | Invalid Behavior setting 'foo'",
        "{\"Node\":\"nope\"}   | 500 | Missing node registration",
        "{\"Node\":\"\"}       | 500 | Must provide Node",
        "{\"Checks\":[\"nope\"]} | 500 | Missing check 'nope' registration",
        "{\"LockDelay\":1e999999999} | 400 | Request decode failed: json: cannot unmarshal number"
            + " 1e999999999 into Go value of type float64",
        "{\"X\":[{\"a\":-1.5E0309}]} | 400 | Request decode failed: json: cannot unmarshal number"
            + " -1.5E0309 into Go value of type float64",
        "{\"LockDelay\":1e999,\"LockDelay\":\"1s\"} | 400 | Request decode failed: json: cannot"
            + " unmarshal number 1e999 into Go value of type float64",
        "[1e999                | 400 | Request decode failed: unexpected EOF",
        "{                     | 400 | Request decode failed: unexpected EOF",
        "[]                    | 400 | Request decode failed: '' expected a map, got 'slice'",
        "\"x\"                 | 400 | Request decode failed: '' expected a map, got 'string'"
      })
  void create_refuses(String body, int status, String text) throws IOException {
    assertThat(created(body)).isEqualTo(status + " " + TEXT + text);
  }

  @Test
  void create_namesEveryFieldOfAWrongType() throws IOException {
    assertThat(created("{\"TTL\":30}"))
        .isEqualTo(
            "400 %sRequest decode failed: 1 error(s) decoding:\n\n* 'TTL' expected type 'string', got unconvertible type 'float64'"
                .formatted(TEXT));
    assertThat(created("{\"TTL\":30,\"Name\":true}"))
        .contains("2 error(s) decoding:\n\n* 'Name' expected", "\n* 'TTL' expected");
    assertThat(created("{\"LockDelay\":true}"))
        .startsWith("400 ")
        .contains("'LockDelay'", "'bool'");
  }

  @Test
  void entry_ofLibkv() throws IOException {
    assertThat(entryOf("{\"Behavior\":\"delete\",\"LockDelay\":\"1ms\",\"TTL\":\"30s\"}"))
        .isEqualTo(
            "[{\"Name\":\"\",\"Node\":\"kubekv\",\"Checks\":[\"serfHealth\"],\"LockDelay\":1000000,\"Behavior\":\"delete\",\"TTL\":\"30s\"}]");
  }

  @Test
  void entry_ofDefaults() throws IOException {
    assertThat(entryOf("{}"))
        .isEqualTo(
            "[{\"Name\":\"\",\"Node\":\"kubekv\",\"Checks\":[\"serfHealth\"],\"LockDelay\":15000000000,\"Behavior\":\"release\",\"TTL\":\"\"}]");
  }

  @Test
  void entry_namesInAnyCase() throws IOException {
    assertThat(
            entryOf(
                "{\"ttl\":\"20s\",\"name\":\"lower\",\"lockdelay\":\"2s\",\"BEHAVIOR\":\"delete\"}"))
        .contains("\"Name\":\"lower\"", ":2000000000,", ":\"delete\"", ":\"20s\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"10s\"',10000000000",
    "10,10000000000",
    "59,59000000000",
    "999,999000000000",
    "1000,1000",
    "1000000000,1000000000",
    "'\"0s\"',0",
    "0,0",
    "'\"61s\"',61000000000",
    "'\"-1s\"',-1000000000000000000",
    "1.5,1000000000"
  })
  void lockDelay_isANumberOrAText(String given, String shown) throws IOException {
    assertThat(entryOf("{\"LockDelay\":" + given + "}")).contains("\"LockDelay\":" + shown + ",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30s", "1.5s", "15.000000s", "24h", "24h0m0s", "90s", "1500ms", "0s", ""})
  void timeToLive_isShownAsItWasSaid(String given) throws IOException {
    assertThat(entryOf("{\"TTL\":\"" + given + "\"}")).contains("\"TTL\":\"" + given + "\"");
  }

  @Test
  void checks_none_areShownAsNull() throws IOException {
    assertThat(entryOf("{\"Checks\":[]}")).contains("\"Checks\":null,");
    assertThat(entryOf("{\"Checks\":[\"serfHealth\"]}")).contains("\"Checks\":[\"serfHealth\"],");
  }

  @Test
  void session_thatOthersBegan_isShownAsItIs() throws IOException {
    SessionSpec spec =
        SessionSpec.random().withTimeToLive(Duration.ofSeconds(90)).withNote("a note; of=another");
    Await.change(store.sessions().create(spec));

    assertThat(get("/v1/session/info/" + spec.id()).body())
        .contains("\"Checks\":[\"serfHealth\"],", "\"LockDelay\":0,", "\"TTL\":\"1m30s\"");
  }

  @Test
  void lists_showAllOfTheNode_andTheIndexOfTheLastChange() throws IOException {
    String first = session("{}");
    String second = session("{}");
    put("/v1/kv/far", "1");

    Answer list = get("/v1/session/list");
    assertThat(shown(list)).startsWith("200 [" + READ + "] [{").contains(first, second);
    assertThat(index(list)).isEqualTo(3);
    assertThat(get("/v1/session/node/kubekv").body()).isEqualTo(list.body());
    assertThat(shown(get("/v1/session/node/nope"))).isEqualTo("200 [" + READ + "] []");
    assertThat(index(get("/v1/session/info/" + first))).isEqualTo(3);
  }

  @Test
  void renew_answersTheSession_withoutIndex() throws IOException {
    String id = session("{\"TTL\":\"30s\"}");

    Answer renewed = call("PUT", "/v1/session/renew/" + id, "null");
    assertThat(shown(renewed))
        .startsWith("200 [Content-Type=application/json] [{\"ID\":\"" + id + "\"")
        .contains("\"TTL\":\"30s\"");
    assertThat(renewed.header("X-Consul-Index")).isEmpty();
  }

  @Test
  void id_unknown() throws IOException {
    assertThat(shown(call("PUT", "/v1/session/renew/" + NOBODY, "")))
        .isEqualTo("404 " + TEXT + "Session id '" + NOBODY + "' not found");
    assertThat(shown(call("PUT", "/v1/session/destroy/" + NOBODY, ""))).isEqualTo(YES);
    assertThat(shown(get("/v1/session/info/" + NOBODY))).isEqualTo("200 [" + READ + "] []");
  }

  @Test
  void id_thatIsNone() throws IOException {
    String why = "failed session lookup: index error: UUID must be 36 characters";
    assertThat(shown(call("PUT", "/v1/session/renew/abc", ""))).isEqualTo("500 " + TEXT + why);
    assertThat(shown(call("PUT", "/v1/session/destroy/abc", ""))).isEqualTo("500 " + TEXT + why);
    Answer info = get("/v1/session/info/abc");
    assertThat(shown(info))
        .isEqualTo(
            "500 [Content-Type=text/plain; charset=utf-8 XC-Knownleader=false XC-Lastcontact=0] "
                + why);
    assertThat(index(info)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | info/    | Missing session",
        "PUT | renew/   | Missing session",
        "PUT | destroy/ | Missing session",
        "GET | node/    | Missing node name"
      })
  void id_missing(String method, String path, String text) throws IOException {
    assertThat(shown(call(method, "/v1/session/" + path, ""))).isEqualTo("400 " + TEXT + text);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,list",
    "GET,info/" + NOBODY,
    "GET,node/x",
    "PUT,create",
    "PUT,renew/" + NOBODY,
    "PUT,destroy/" + NOBODY
  })
  void datacenter_other_isNotReached(String method, String path) throws IOException {
    assertThat(shown(call(method, "/v1/session/" + path + "?dc=zz", "")))
        .isEqualTo("500 " + TEXT + "No path to datacenter");
  }

  @Test
  void destroy_endsIt_onceAndAgain() throws IOException {
    String id = session("{}");

    assertThat(shown(call("PUT", "/v1/session/destroy/" + id, ""))).isEqualTo(YES);
    assertThat(shown(call("PUT", "/v1/session/destroy/" + id, ""))).isEqualTo(YES);
    assertThat(call("PUT", "/v1/session/renew/" + id, "").status()).isEqualTo(404);
  }

  @Test
  void timeToLive_endsItAfterTwice_andRenewalStartsAnew() throws IOException {
    try (MemoryHarness driven = new MemoryHarness(StoreSpec.DEFAULT);
        ConsulUnderTest consul = new ConsulUnderTest(driven.store());
        RawHttp http = consul.connect()) {
      String body = "{\"TTL\":\"10s\",\"Behavior\":\"delete\"}";
      String created = http.request("PUT", "/v1/session/create", body).answer().body();
      String id = created.substring("{\"ID\":\"".length(), created.length() - 2);
      http.request("PUT", "/v1/kv/e?acquire=" + id, "v").answer();
      driven.clock().advance(Duration.ofSeconds(19));
      assertThat(http.request("PUT", "/v1/session/renew/" + id, "").answer().status())
          .isEqualTo(200);
      driven.clock().advance(Duration.ofSeconds(19));
      assertThat(http.request("GET", "/v1/kv/e", "").answer().status()).isEqualTo(200);
      driven.clock().advance(Duration.ofSeconds(1));

      assertThat(http.request("GET", "/v1/kv/e", "").answer().status()).isEqualTo(404);
      assertThat(http.request("PUT", "/v1/session/renew/" + id, "").answer().status())
          .isEqualTo(404);
    }
  }
}
