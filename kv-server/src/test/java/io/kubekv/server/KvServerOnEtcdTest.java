package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Limits;
import io.kubekv.UnavailableException;
import io.kubekv.etcd.EtcdProcess;
import io.kubekv.etcd.EtcdVersion;
import io.kubekv.server.cli.Terminal;
import io.kubekv.server.ops.Workers;
import io.kubekv.server.requests.Tracer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The whole server with each key one of a real etcd v3. */
class KvServerOnEtcdTest {
  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private final HttpClient http = HttpClient.newHttpClient();

  private static ServerConfig config(String endpoint) {
    return new ServerConfig(
        Optional.of(FREE),
        Optional.of(FREE),
        Optional.of(FREE),
        Optional.of(FREE),
        List.of(),
        Optional.empty(),
        new ServerConfig.Etcd(List.of(endpoint), Optional.empty(), Optional.empty(), "kv"),
        Duration.ofSeconds(6),
        Duration.ofSeconds(5),
        1 << 20,
        Limits.DEFAULT,
        LimitsConfig.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static KvServer start(ServerConfig config) {
    return KvServer.start(config, Tracer.NONE, new Workers(), Core.OBJECTS);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  private String get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).build()).body();
  }

  private HttpResponse<String> put(String url, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void twoServers_serveTheSameKeysAtTheSameTime() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = start(config(etcd.endpoint()));
        KvServer two = start(config(etcd.endpoint()))) {
      assertThat(put(one.etcdUrl() + "/v2/keys/a/b", "value=hello").statusCode()).isEqualTo(201);

      assertThat(get(two.etcdUrl() + "/v2/keys/a?recursive=true")).contains("\"value\":\"hello\"");
      assertThat(get(two.consulUrl().orElseThrow() + "/v1/kv/a/b?raw")).isEqualTo("hello");
      assertThat(put(two.consulUrl().orElseThrow() + "/v1/kv/a/b", "bye").body())
          .startsWith("true");
      assertThat(get(one.etcdUrl() + "/v2/keys/a/b")).contains("\"value\":\"bye\"");
      assertThat(get(one.etcdUrl() + "/v2/members")).contains("\"name\"");
    }
  }

  @Test
  void threeServers_areAllMembers_eachWithItsOwnId_andGoneWhenTheyStop() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = start(advertising(etcd, "http://one.test:2379"));
        KvServer two = start(advertising(etcd, "http://two.test:2379"))) {
      try (KvServer three = start(advertising(etcd, "http://three.test:2379"))) {
        for (KvServer server : List.of(one, two, three)) {
          Awaitility.await().until(() -> ids(server).size() == 3);
          assertThat(get(server.etcdUrl() + "/v2/machines").split(", "))
              .containsExactlyInAnyOrder(
                  "http://one.test:2379", "http://two.test:2379", "http://three.test:2379");
          assertThat(get(server.etcdUrl() + "/v2/members/leader"))
              .isEqualTo(get(one.etcdUrl() + "/v2/members/leader"));
        }
        assertThat(ids(two)).isEqualTo(ids(one));
        assertThat(status(one, 0, "json")).contains("http://three.test:2379");
      }

      Awaitility.await().until(() -> ids(one).size() == 2);
      assertThat(get(two.etcdUrl() + "/v2/members")).contains("http://one.test:2379");
    }
  }

  private static ServerConfig advertising(EtcdProcess etcd, String url) {
    ServerConfig plain = config(etcd.endpoint());
    return new ServerConfig(
        plain.etcd(),
        plain.consul(),
        plain.grpc(),
        plain.ops(),
        List.of(URI.create(url)),
        plain.replica(),
        plain.backend(),
        plain.lease(),
        plain.requestTimeout(),
        plain.historyBytes(),
        plain.limits(),
        plain.clients(),
        plain.tls(),
        plain.access(),
        plain.replicaToken());
  }

  /** Of the members that a server lists. */
  private Set<String> ids(KvServer server) throws IOException, InterruptedException {
    return Pattern.compile("\"id\":\"([0-9a-f]+)\"")
        .matcher(get(server.etcdUrl() + "/v2/members"))
        .results()
        .map(id -> id.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void watch_throughTheDoor_seesWhatTheOtherServerWrites() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = start(config(etcd.endpoint()));
        KvServer two = start(config(etcd.endpoint()))) {
      put(one.etcdUrl() + "/v2/keys/a", "value=1");
      var index =
          Long.parseLong(
              send(HttpRequest.newBuilder(URI.create(one.etcdUrl() + "/v2/keys/a")).build())
                  .headers()
                  .firstValue("X-Etcd-Index")
                  .orElseThrow());
      put(two.etcdUrl() + "/v2/keys/a", "value=2");

      assertThat(get(one.etcdUrl() + "/v2/keys/a?wait=true&waitIndex=" + (index + 1)))
          .contains("\"value\":\"2\"")
          .contains("\"prevNode\"");
    }
  }

  @Test
  void statusVerb_saysHowEtcdIsAndThatTheWatchFollows() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer server = start(config(etcd.endpoint()))) {
      put(server.etcdUrl() + "/v2/keys/a/b", "value=hello");

      Awaitility.await().until(() -> status(server, 0, "table").contains("ms behind etcd"));

      assertThat(status(server, 0, "value")).isEqualTo("peer\n");
      assertThat(status(server, 0, "table"))
          .contains("keys below /kubekv/kv/")
          .contains(etcd.endpoint() + " one ")
          .contains("leader, at ")
          .doesNotContain("holder");
      assertThat(status(server, 0, "json"))
          .contains("\"role\":\"peer\"")
          .contains("\"ready\":true")
          .contains("\"entries\":2")
          .contains("\"version\":\"3.6");
    }
  }

  @Test
  void statusVerb_withoutEtcd_saysWhatIsMissing() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer server = start(config(etcd.endpoint()))) {
      etcd.kill();
      HttpRequest ready =
          HttpRequest.newBuilder(URI.create(server.opsUrl().orElseThrow() + "/readyz")).build();
      Awaitility.await().until(() -> send(ready).statusCode() != 200);

      assertThat(status(server, 3, "table"))
          .contains("waiting: etcd does not answer")
          .contains(etcd.endpoint() + ": does not answer")
          .contains("how far etcd is, no member says");
    }
  }

  private static String status(KvServer server, int exitCode, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Map<String, String> environment = Map.of("KUBEKV_SERVER", server.grpcTarget().orElseThrow());
    Terminal terminal =
        new Terminal(environment, InputStream.nullInputStream(), stream, stream, "");
    assertThat(ProgramUnderTest.run(terminal, "status", "-o", format)).isEqualTo(exitCode);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void consulTransaction_changesSeveralKeysOrNone() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer server = start(config(etcd.endpoint()))) {
      String url = server.consulUrl().orElseThrow();

      HttpResponse<String> both = put(url + "/v1/txn", txn(set("x/a", "MQ=="), set("x/b", "Mg==")));
      HttpResponse<String> none =
          put(
              url + "/v1/txn",
              txn(set("x/a", "Mw=="), "{\"KV\":{\"Verb\":\"check-not-exists\",\"Key\":\"x/b\"}}"));
      HttpResponse<String> twice =
          put(url + "/v1/txn", txn(set("x/a", "Mw=="), set("x/a", "NA==")));

      assertThat(both.statusCode()).as(both.body()).isEqualTo(200);
      assertThat(get(url + "/v1/kv/x/b?raw")).isEqualTo("2");
      assertThat(none.statusCode()).isEqualTo(409);
      assertThat(twice.statusCode()).isEqualTo(400);
      assertThat(twice.body()).contains("writes each of them once");
      assertThat(get(url + "/v1/kv/x/a?raw")).isEqualTo("1");
    }
  }

  private static String set(String key, String base64) {
    return "{\"KV\":{\"Verb\":\"set\",\"Key\":\"%s\",\"Value\":\"%s\"}}".formatted(key, base64);
  }

  private static String txn(String... operations) {
    return "[" + String.join(",", operations) + "]";
  }

  @Test
  void noEtcd_saysSo() {
    assertThatThrownBy(() -> start(config("127.0.0.1:1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("etcd does not answer");
  }
}
