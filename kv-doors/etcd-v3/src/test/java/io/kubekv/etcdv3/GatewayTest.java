package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths of the JSON gateway: both sides answer the same to the same requests. */
class GatewayTest {
  private static final String RANGE = "/v3/kv/range";

  private final String place = "g" + Side.fresh() + "/";

  /** A key of this test, in base64. */
  private String key(String name) {
    return Exchange.base64(place + name);
  }

  private static void same(Exchange exchange) throws IOException {
    Exchange.Answer expected = exchange.asked(Side.ETCD);
    assertThat(exchange.asked(Side.KUBEKV)).as("%s", exchange).isEqualTo(expected);
  }

  private static void same(String path, String body) throws IOException {
    same(Exchange.post(path, body));
  }

  /** Those that etcd 3.6 has: with what is no JSON nothing happens. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kv/range",
        "kv/put",
        "kv/deleterange",
        "kv/txn",
        "kv/compaction",
        "lease/grant",
        "lease/revoke",
        "kv/lease/revoke",
        "lease/timetolive",
        "kv/lease/timetolive",
        "lease/leases",
        "kv/lease/leases",
        "lease/keepalive",
        "cluster/member/add",
        "cluster/member/remove",
        "cluster/member/update",
        "cluster/member/list",
        "cluster/member/promote",
        "maintenance/alarm",
        "maintenance/status",
        "maintenance/defragment",
        "maintenance/hash",
        "maintenance/hashkv",
        "maintenance/snapshot",
        "maintenance/transfer-leadership",
        "maintenance/downgrade",
        "auth/enable",
        "auth/disable",
        "auth/status",
        "auth/authenticate",
        "auth/user/add",
        "auth/user/get",
        "auth/user/list",
        "auth/user/delete",
        "auth/user/changepw",
        "auth/user/grant",
        "auth/user/revoke",
        "auth/role/add",
        "auth/role/get",
        "auth/role/list",
        "auth/role/delete",
        "auth/role/grant",
        "auth/role/revoke",
        "lock/lock",
        "lock/unlock",
        "election/campaign",
        "election/proclaim",
        "election/leader",
        "election/observe",
        "election/resign"
      })
  void paths_haveTheSameMethods(String path) throws IOException {
    for (String root : List.of("/v3/", "/v3beta/")) {
      same(root + path, "x");
      same(root + path, "{\"a\"");
      same(root + path + "/", "x");
      same(Exchange.of("GET", root + path));
    }
    same(Exchange.of("PUT", "/v3/" + path));
    same(Exchange.of("DELETE", "/v3/" + path));
    same(Exchange.of("HEAD", "/v3/" + path));
    same(Exchange.of("OPTIONS", "/v3/" + path));
    same("/v3//" + path, "x");
    assertThat(Exchange.post("/v3alpha/" + path, "x").asked(Side.KUBEKV))
        .isEqualTo(Exchange.post("/v3/" + path, "x").asked(Side.KUBEKV));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v3",
        "/v3/",
        "/v3?a=b",
        "/v3/?a",
        "/v3/nothing",
        "/v3/kv",
        "/v3/kv/",
        "/v3/kv/Range",
        "/v3beta",
        "/v3beta/",
        "/v3beta/nothing",
        "/v4/kv/range",
        "/V3/kv/range",
        "/v3x/kv/range",
        "//v3/kv/range",
        "/v3/./kv/range",
        "/v3/kv/../kv/range",
        "/v3/../../v3/kv/range?q",
        "/a/../v3/kv/range",
        "/v3/kv/range/..",
        "/v3/kv/%72ange",
        "/v3/kv%2frange",
        "/v3%2fkv%2frange",
        "/%763/kv/range",
        "/v3beta/kv%2frange",
        "/v3beta//kv/range",
        "/v3/a%2f//b",
        "/v3/%41//b?q=<1>",
        "/v3/kv/range:x",
        "/v3/kv/range%00",
        "/version/",
        "//version",
        "/./health",
        "/health/",
        "/livez/",
        "/livez/x",
        "/readyz/leader",
        "/livez/linearizable_read",
        "/livez/serializable_read/",
        "/readyz/x/serializable_read",
        "/v3/kv/range?key=YQ==",
        "http://store.test:2379/v3/kv/range",
        "/v3/kv/range?",
        "/he%61lth",
        "/livez/serializable%5fread",
        "/livez%2fserializable_read",
        "/version?x",
        "/versionx"
      })
  void paths_thatFewWouldThinkOf(String path) throws IOException {
    same(path, "x");
    same(Exchange.of("GET", path));
    same(Exchange.of("HEAD", path));
    same(Exchange.of("PATCH", path));
  }

  @ParameterizedTest
  @CsvSource({
    "/version,''",
    "/health,''",
    "/health,serializable=true",
    "/health,serializable=false&serializable=true",
    "/health,exclude=NOSPACE&exclude=x",
    "/livez,''",
    "/livez,exclude=serializable_read",
    "/livez/serializable_read,''",
    "/readyz,''",
    "/readyz,exclude=data_corruption",
    "/readyz,exclude=data_corruption&exclude=linearizable_read&exclude=",
    "/readyz,exclude=data_corruption,linearizable_read",
    "/readyz,exclude=d%61ta_corruption",
    "/readyz,exclude=data_corruption;exclude=x",
    "/readyz/data_corruption,exclude=data_corruption",
    "/readyz/serializable_read,''",
    "/readyz/linearizable_read,''",
    "/readyz/non_learner,a=b"
  })
  void checks_sayTheSame(String path, String query) throws IOException {
    same(Exchange.of("GET", path + "?" + query));
    same(Exchange.of("POST", path + "?" + query));
    same(Exchange.of("DELETE", path));
    for (String verbose :
        List.of("verbose", "verbose=false", "verb%6fse", "Verbose", "%zz=verbose")) {
      Exchange exchange = Exchange.of("GET", path + "?" + query + "&" + verbose);
      Exchange.Answer expected = exchange.asked(Side.ETCD);
      Exchange.Answer answer = exchange.asked(Side.KUBEKV);
      assertThat(answer.status()).isEqualTo(expected.status());
      assertThat(answer.headers()).isEqualTo(expected.headers());
      // etcd goes through its checks in any order
      assertThat(new TreeSet<>(answer.body().lines().toList()))
          .as("%s", exchange)
          .isEqualTo(new TreeSet<>(expected.body().lines().toList()));
    }
  }

  @Test
  void keys_arePutReadAndDeleted() throws IOException {
    String a = key("a");
    same("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"Yg==\"}".formatted(a));
    same("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"Yw\",\"prev_kv\":true}".formatted(a));
    same("/v3beta/kv/put", "{\"key\":\"%s\",\"ignoreValue\":true,\"prevKv\":true}".formatted(a));
    same("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"\"}".formatted(key("empty")));
    same("/v3/kv/put", "{\"key\":\"%s\",\"lease\":\"7777777\"}".formatted(a));
    same("/v3/kv/put", "{\"key\":\"%s\",\"ignore_lease\":true,\"lease\":1}".formatted(a));
    same("/v3/kv/put", "{\"key\":\"%s\",\"ignore_value\":true}".formatted(key("none")));
    String all = "\"key\":\"%s\",\"range_end\":\"%s\"".formatted(key(""), key("~"));
    for (String more :
        List.of(
            "\"limit\":1",
            "\"limit\":\"1\"",
            "\"limit\":1e0",
            "\"count_only\":true",
            "\"keysOnly\":true",
            "\"sort_order\":\"DESCEND\"",
            "\"sort_order\":2,\"sortTarget\":4",
            "\"sort_target\":\"VALUE\",\"sort_order\":\"ASCEND\"",
            "\"sort_order\":\"NEVER\"",
            "\"sort_order\":9",
            "\"revision\":999999999",
            "\"revision\":\"-1\"",
            "\"serializable\":true",
            "\"max_mod_revision\":1",
            "\"limit\":-1",
            "\"limit\":null")) {
      same(RANGE, "{" + all + "," + more + "}");
    }
    same("/v3/kv/deleterange", "{\"key\":\"%s\",\"prev_kv\":true}".formatted(a));
    same("/v3/kv/deleterange", "{" + all + "}");
    same("/v3/kv/deleterange", "{" + all + "}");
    same("/v3/kv/deleterange", "{}");
    same("/v3/kv/compaction", "{\"revision\":\"999999999\"}");
  }

  @Test
  void transactions_areAnswered() throws IOException {
    String a = key("a");
    String put = "{\"request_put\":{\"key\":\"%s\",\"value\":\"MQ==\"}}".formatted(a);
    String get = "{\"requestRange\":{\"key\":\"%s\"}}".formatted(a);
    String delete = "{\"request_delete_range\":{\"key\":\"%s\",\"prev_kv\":true}}".formatted(a);
    String missing =
        "{\"key\":\"%s\",\"target\":\"CREATE\",\"create_revision\":\"0\"}".formatted(a);
    same(
        "/v3/kv/txn",
        "{\"compare\":[%s],\"success\":[%s,%s],\"failure\":[%s]}"
            .formatted(missing, put, get, get));
    same(
        "/v3/kv/txn",
        "{\"compare\":[%s],\"success\":[%s],\"failure\":[%s,%s]}"
            .formatted(missing, put, get, delete));
    String value = "{\"key\":\"%s\",\"target\":3,\"result\":0,\"value\":\"MQ==\"}".formatted(a);
    same("/v3/kv/txn", "{\"compare\":[%s],\"failure\":[{}]}".formatted(value));
    same("/v3/kv/txn", "{\"success\":[{\"request_txn\":{\"success\":[%s]}}]}".formatted(get));
    same("/v3/kv/txn", "{\"success\":[%s,%s]}".formatted(put, put));
    same("/v3/kv/txn", "{\"success\":[{\"request_put\":{},\"request_range\":{}}]}");
    same("/v3/kv/txn", "{\"compare\":[{\"version\":1,\"lease\":1}]}");
    same("/v3/kv/txn", "{\"success\":null,\"compare\":[]}");
    same("/v3/kv/txn", "{\"success\":[null]}");
    same("/v3/kv/txn", "");
  }

  @Test
  void leases_areAnswered() throws IOException {
    String id = String.valueOf(Side.fresh());
    same("/v3/lease/grant", "{\"TTL\":1000,\"ID\":\"%s\"}".formatted(id));
    same("/v3/lease/grant", "{\"TTL\":\"1000\",\"ID\":%s}".formatted(id));
    same("/v3/lease/grant", "{\"TTL\":\"9000000001\",\"ID\":\"5\"}");
    same("/v3/kv/put", "{\"key\":\"%s\",\"lease\":%s}".formatted(key("l"), id));
    same("/v3/lease/timetolive", "{\"ID\":\"77770\"}");
    same("/v3/lease/keepalive", "{\"ID\":\"%s\"}".formatted(id));
    same("/v3/lease/revoke", "{\"ID\":%s}".formatted(id));
    same("/v3/kv/lease/revoke", "{\"ID\":%s}".formatted(id));
    same("/v3/kv/lease/timetolive", "{\"ID\":\"%s\",\"keys\":true}".formatted(id));
    same(RANGE, "{\"key\":\"%s\"}".formatted(key("l")));
  }

  @Test
  void others_areAnswered() throws IOException {
    same("/v3/maintenance/alarm", "{}");
    same("/v3/maintenance/defragment", "");
    same("/v3/auth/authenticate", "{\"name\":[]}");
    same("/v3/lock/unlock", "{}");
    same("/v3/election/resign", "{}");
    same("/v3/election/proclaim", "{}");
    same("/v3/election/resign", "{\"leader\":{}}");
    same("/v3/election/proclaim", "{\"leader\":{}}");
    same("/v3/kv/txn", "{\"compare\":[" + "{},".repeat(20_000) + "{}]}");
    same("/v3/election/leader", "{\"name\":\"%s\"}".formatted(key("nobody")));
    same("/v3/election/campaign", "{\"name\":\"%s\",\"lease\":\"1\"}".formatted(key("e")));
  }

  @Test
  void headers_countAsEtcdsDo() throws IOException {
    Exchange range = Exchange.post(RANGE, "{\"key\":\"%s\"}".formatted(key("a")));
    same(range.with("Authorization: token"));
    same(range.with("Authorization: Bearer token"));
    same(range.with("Content-Type: text/xml"));
    same(range.with("Content-Type: application/x-www-form-urlencoded"));
    same(range.with("Accept: image/png"));
    for (String method : List.of("GET", "get", "Post", "PATCH", "")) {
      same(range.with("X-HTTP-Method-Override: " + method));
      same(
          Exchange.post(RANGE, "a=b")
              .with(
                  "X-HTTP-Method-Override: " + method,
                  "Content-Type: application/x-www-form-urlencoded"));
    }
    for (String timeout :
        List.of("1n", "-1S", "0n", "1H", "x", "1", "1s", "S", " 1S", "1.5S", "")) {
      same(range.with("Grpc-Timeout: " + timeout));
    }
    same(range.with("Origin: http://a.page"));
  }

  @Test
  void large_bodiesAreRefusedInTheSameWords() throws IOException {
    String value = "A".repeat(2_200_000);
    Exchange put =
        Exchange.post("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(key("a"), value));
    Exchange.Answer expected = put.asked(Side.ETCD);
    try (RawHttp http = Side.KUBEKV.served().http()) {
      // what is told before the body has come may be lost by a client that sends all of it
      http.send(
          "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + put.body().length()
              + "\r\n\r\n");
      assertThat(Exchange.shown(http.answer())).isEqualTo(expected);
    }
  }

  @Test
  void requests_followEachOtherOnAConnection() throws IOException {
    for (Side side : Side.values()) {
      try (RawHttp http = side.served().http()) {
        for (int i = 0; i < 20; i++) {
          String body = i % 3 == 0 ? "{" : "{\"key\":\"YQ==\"}";
          http.send(
              "POST "
                  + RANGE
                  + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
          assertThat(http.answer().status()).isEqualTo(i % 3 == 0 ? 400 : 200);
        }
      }
    }
  }
}
