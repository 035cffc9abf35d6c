package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.transport.http.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams and calls that wait, through the JSON gateway. */
class GatewayStreamsTest {
  private final String place = "w" + Side.fresh() + "/";

  private String key(String name) {
    return Exchange.base64(place + name);
  }

  private void put(Side side, String name, String value) {
    var unused =
        side.served()
            .kv()
            .put(
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(place + name))
                    .setValue(ByteString.copyFromUtf8(value))
                    .build());
  }

  private String watchAll(String more) {
    return "{\"create_request\":{\"key\":\"%s\",\"range_end\":\"%s\"%s}}"
        .formatted(key(""), key("~"), more);
  }

  private static Exchange watch(String body) {
    return Exchange.post("/v3/watch", body);
  }

  /** The lines of a stream, as both sides must send them. */
  private static List<String> lines(RawHttp http, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.chars().filter(c -> c == '\n').count() < count) {
      text.append(http.chunk());
    }
    return List.of(Exchange.shown(text.toString()).split("\n"));
  }

  private List<String> watched(Side side) throws IOException {
    List<String> seen = new ArrayList<>();
    try (RawHttp http =
        watch(watchAll(",\"prev_kv\":true") + watchAll(",\"filters\":[\"NOPUT\"],\"watch_id\":7"))
            .sent(side)) {
      RawHttp.Answer head = http.head();
      seen.add(Exchange.shown(head).toString());
      seen.addAll(lines(http, 2));
      put(side, "a", "<1>");
      seen.addAll(lines(http, 1));
      put(side, "a", "2");
      seen.addAll(lines(http, 1));
    }
    return seen;
  }

  @Test
  void watches_areToldAsTheyHappen() throws IOException {
    assertThat(watched(Side.KUBEKV)).isEqualTo(watched(Side.ETCD));
  }

  private List<String> refused(Side side, String body) throws IOException {
    try (RawHttp http = watch(body).sent(side)) {
      List<String> seen = new ArrayList<>();
      seen.add(Exchange.shown(http.head()).toString());
      seen.addAll(lines(http, 1));
      return seen;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"create_request\":{\"key\":\"YQ==\",\"start_revision\":-5}}",
        "{\"create_request\":{\"key\":\"Yg==\",\"range_end\":\"YQ==\"}}",
        "{\"create_request\":{}}",
        "{\"create_request\":{\"key\":\"YQ==\",\"watch_id\":\"9\"}} x",
        "{} {\"cancel_request\":{\"watch_id\":3}}{\"createRequest\":{\"key\":\"YQ\",\"fragment\":true}}",
      })
  void watches_beginOrAreRefused(String body) throws IOException {
    assertThat(refused(Side.KUBEKV, body)).isEqualTo(refused(Side.ETCD, body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "{}{}",
        "{\"ID\":\"1\"}x{\"ID\":2}",
        "{\"ID\":1} \n {\"ID\":[]}{\"ID\":2}",
        "{\"ID\":1}{\"ID\"",
        "[]",
        "null"
      })
  void keepAlives_endWithTheirRequests(String body) throws IOException {
    Exchange exchange = Exchange.post("/v3/lease/keepalive", body);
    assertThat(exchange.asked(Side.KUBEKV)).isEqualTo(exchange.asked(Side.ETCD));
  }

  /** Nothing is said, not even the status, before there is something. */
  @ParameterizedTest
  @ValueSource(strings = {"", "x", "{\"create_request\":1}", "{\"cancel_request\":{}}"})
  void watches_ofNothingStaySilent(String body) throws IOException {
    for (Side side : Side.values()) {
      try (RawHttp http = watch(body).sent(side)) {
        assertThat(http.isSilent(200)).isTrue();
      }
    }
  }

  @Test
  void timeouts_endStreams() throws IOException {
    for (Exchange exchange :
        List.of(
            watch(watchAll("")).with("Grpc-Timeout: 5S"),
            watch("").with("Grpc-Timeout: 100m"),
            Exchange.post("/v3/election/observe", "{\"name\":\"%s\"}".formatted(key("o")))
                .with("Grpc-Timeout: 100m"))) {
      Exchange.Answer etcds = exchange.asked(Side.ETCD);
      Exchange.Answer known =
          new Exchange.Answer(
              etcds.status(),
              etcds.headers(),
              etcds
                  .body()
                  // etcd sometimes says how its own connection was told
                  .replace(
                      "stream terminated by RST_STREAM with error code: CANCEL",
                      "context deadline exceeded"));
      assertThat(exchange.asked(Side.KUBEKV)).isEqualTo(known);
    }
  }

  /** Of the keys with a prefix, one for each that has a lock or waits for it. */
  private void awaitKeys(Side side, String prefix, long many) {
    RangeRequest range =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(place + prefix))
            .setRangeEnd(ByteString.copyFromUtf8(place + prefix + "~"))
            .setCountOnly(true)
            .build();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> side.served().kv().range(range).getCount() == many);
  }

  @Test
  void locks_waitAndAreGivenUpWithTheirClients() throws Exception {
    for (Side side : Side.values()) {
      String body = "{\"name\":\"%s\"}".formatted(key("l"));
      Exchange lock = Exchange.post("/v3/lock/lock", body);
      String held = lock.asked(side).body();
      String key = held.substring(held.indexOf("\"key\":\"") + 7, held.lastIndexOf('"'));
      try (RawHttp waiting = lock.sent(side)) {
        awaitKeys(side, "l/", 2);
        assertThat(waiting.isSilent(200)).isTrue();
      }
      awaitKeys(side, "l/", 1);
      try (RawHttp next = lock.sent(side)) {
        awaitKeys(side, "l/", 2);
        assertThat(next.isSilent(200)).isTrue();
        Exchange unlock = Exchange.post("/v3/lock/unlock", "{\"key\":\"%s\"}".formatted(key));
        assertThat(unlock.asked(side).status()).isEqualTo(200);
        assertThat(next.answer().status()).isEqualTo(200);
      }
      Exchange.Answer late = lock.with("Grpc-Timeout: 100m").asked(side);
      assertThat(late.status()).isEqualTo(504);
      // etcd sometimes says how its own connection was told
      assertThat(late.body()).startsWith("{\"code\":4,\"message\":\"");
    }
  }

  @Test
  void elections_areObserved() throws IOException {
    assertThat(observed(Side.KUBEKV)).isEqualTo(observed(Side.ETCD));
  }

  private List<String> observed(Side side) throws IOException {
    String lease = String.valueOf(Side.fresh());
    Exchange grant =
        Exchange.post("/v3/lease/grant", "{\"TTL\":1000,\"ID\":\"%s\"}".formatted(lease));
    assertThat(grant.asked(side).status()).isEqualTo(200);
    List<String> seen = new ArrayList<>();
    String name = "\"name\":\"%s\"".formatted(key("e"));
    try (RawHttp http = Exchange.post("/v3/election/observe", "{" + name + "}").sent(side)) {
      String ask = "{" + name + ",\"lease\":\"" + lease + "\",\"value\":\"YQ==\"}";
      Exchange.Answer elected = Exchange.post("/v3/election/campaign", ask).asked(side);
      seen.add(elected.toString().replaceAll("\"(key|rev|lease)\":\"[^\"]*\"", "$1"));
      seen.add(Exchange.shown(http.head()).toString());
      seen.add(lines(http, 1).getFirst().replaceAll("\"(key|lease)\":\"[^\"]*\"", "$1"));
    }
    return seen;
  }

  private static final ByteString LARGE = ByteString.copyFrom(new byte[1_000_000]);

  private static void putLarge(Served kubekv, int times) {
    PutRequest put =
        PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("s")).setValue(LARGE).build();
    for (int i = 0; i < times; i++) {
      var unused = kubekv.kv().put(put);
    }
  }

  /** A watch of the key "s" that has begun. */
  private static RawHttp watching(Served kubekv, int watches) throws IOException {
    String body = "{\"create_request\":{\"key\":\"cw==\"}}".repeat(watches);
    RawHttp http = kubekv.http();
    http.send(
        "POST /v3/watch HTTP/1.1\r\nHost: a\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    assertThat(http.head().status()).isEqualTo(200);
    assertThat(lines(http, watches)).hasSize(watches);
    return http;
  }

  /** What a client does not take waits in the history, not in the memory of the server. */
  @Test
  void slowReaders_missNothing() throws Exception {
    int events = 20;
    try (Served kubekv = Served.kubekv();
        RawHttp http = watching(kubekv, 1)) {
      putLarge(kubekv, events);
      int seen = 0;
      long bytes = 0;
      String last = "";
      while (seen < events) {
        String chunk = http.chunk();
        bytes += chunk.length();
        String text = last + chunk;
        seen += text.split("mod_revision", -1).length - 1;
        last = text.substring(Math.max(0, text.length() - "mod_revision".length() + 1));
      }
      assertThat(bytes).isGreaterThan((events - 1) * 4L * LARGE.size() / 3);
    }
  }

  @Test
  void slowReaders_areToldThatHistoryHasPassedThem() throws Exception {
    try (Served kubekv = Served.kubekv();
        RawHttp http = watching(kubekv, 1)) {
      putLarge(kubekv, 70);
      String last = "";
      while (!last.contains("\"canceled\":true,\"compact_revision\":")) {
        String chunk = http.chunk();
        assertThat(chunk).isNotEmpty();
        last = last.substring(Math.max(0, last.length() - 200)) + chunk;
      }
    }
  }

  @Test
  void watches_endWithTheirClientsAndWithTheServer() throws Exception {
    try (Served kubekv = Served.kubekv()) {
      try (RawHttp first = watching(kubekv, 3)) {
        assertThat(first.isSilent(1)).isTrue();
        assertThat(kubekv.watches()).isEqualTo(3);
      }
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> kubekv.watches() == 0);
      try (RawHttp second = watching(kubekv, 3)) {
        kubekv.stopDoor();
        assertThat(second.chunk())
            .isEqualTo("{\"error\":{\"code\":14,\"message\":\"etcdserver: server stopped\"}}\n");
        assertThat(second.chunk()).isEmpty();
      }
    }
  }

  @Test
  void services_thatAreNotThereSayWhatToUse() throws IOException {
    Exchange.Answer answer = Exchange.post("/v3/maintenance/snapshot", "").asked(Side.KUBEKV);
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":{\"code\":12,\"message\":\"kubekv: there is no database file to save; use"
                + " kubekv export and kubekv import\"}}\n");
    assertThat(Exchange.post("/v3/cluster/member/add", "{}").asked(Side.KUBEKV).status())
        .isEqualTo(501);
  }
}
