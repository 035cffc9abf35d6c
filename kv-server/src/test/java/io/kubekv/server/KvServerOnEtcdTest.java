package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.UnavailableException;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.contract.FreePorts;
import io.kubekv.etcd.EtcdProcess;
import io.kubekv.etcd.EtcdVersion;
import io.kubekv.transport.door.ListenAddress;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The whole server on the engine over a log in a real etcd v3. */
class KvServerOnEtcdTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Longer than what is waited for here: nobody gets it who must wait it out. */
  private static final Duration LONG = Duration.ofMinutes(10);

  private final HttpClient http = HttpClient.newHttpClient();

  private static KvServer start(ServerConfig config) {
    return KvServer.start(config);
  }

  /** One that the others reach. */
  private static KvServer start(EtcdProcess etcd) {
    return start(config(etcd, "kv", Optional.of(free())));
  }

  private static ListenAddress free() {
    return new ListenAddress("127.0.0.1", FreePorts.next());
  }

  private static ServerConfig config(
      EtcdProcess etcd, String namespace, Optional<ListenAddress> grpc) {
    return config(etcd.endpoint(), namespace, grpc, List.of(), LONG, Duration.ofSeconds(20));
  }

  private static ServerConfig config(
      String endpoint,
      String namespace,
      Optional<ListenAddress> grpc,
      List<URI> advertised,
      Duration lease,
      Duration patience) {
    return ConfigUnderTest.on(
            new ServerConfig.Etcd(List.of(endpoint), Optional.empty(), Optional.empty(), namespace))
        .grpc(grpc)
        .advertised(advertised)
        .lease(lease)
        .patience(patience)
        .config();
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> ask(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private String get(String url) throws IOException, InterruptedException {
    return ask(url).body();
  }

  private HttpResponse<String> put(String url, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString(body))
            .build());
  }

  private static void eventually(Callable<Boolean> holds) {
    Awaitility.await().atMost(SOON).until(holds);
  }

  @Test
  void everyServer_servesTheSameKeys_whoeverHasTheLease() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = start(etcd);
        KvServer two = start(etcd)) {
      assertThat(put(one.etcdUrl() + "/v2/keys/a/b", "value=hello").statusCode()).isEqualTo(201);

      assertThat(get(two.etcdUrl() + "/v2/keys/a?recursive=true")).contains("\"value\":\"hello\"");
      assertThat(get(two.consulUrl().orElseThrow() + "/v1/kv/a/b?raw")).isEqualTo("hello");
      assertThat(put(two.consulUrl().orElseThrow() + "/v1/kv/a/b", "bye").body())
          .startsWith("true");
      assertThat(get(one.etcdUrl() + "/v2/keys/a/b")).contains("\"value\":\"bye\"");
      eventually(
          () ->
              get(one.opsUrl().orElseThrow() + "/metrics")
                  .contains("\nkubekv_log_slots_used 3.0\n"));
      assertThat(status(one, 0, "value") + status(two, 0, "value"))
          .isIn("holder\nfollower\n", "follower\nholder\n");
    }
  }

  @Test
  void watchAtAFollower_seesWhatTheHolderWrites_andGoesOnWhenThatStops() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer holder = start(etcd)) {
      eventually(() -> status(holder, 0, "value").equals("holder\n"));
      try (KvServer follower = start(etcd)) {
        HttpRequest watch =
            HttpRequest.newBuilder(URI.create(follower.etcdUrl() + "/v2/keys/a?wait=true")).build();
        CompletableFuture<HttpResponse<String>> first =
            http.sendAsync(watch, BodyHandlers.ofString());
        eventually(() -> watchers(follower) == 1);
        put(holder.etcdUrl() + "/v2/keys/a", "value=1");
        assertThat(first.get().body()).contains("\"value\":\"1\"");

        CompletableFuture<HttpResponse<String>> second =
            http.sendAsync(watch, BodyHandlers.ofString());
        eventually(() -> watchers(follower) == 1);
        holder.close();
        eventually(() -> put(follower.etcdUrl() + "/v2/keys/a", "value=2").statusCode() == 200);

        assertThat(second.get().body()).contains("\"value\":\"2\"", "\"prevNode\"");
        assertThat(status(follower, 0, "value")).isEqualTo("holder\n");
      }
    }
  }

  private int watchers(KvServer server) throws IOException, InterruptedException {
    var gauge =
        Pattern.compile("^kubekv_watchers (\\d+)", Pattern.MULTILINE)
            .matcher(get(server.opsUrl().orElseThrow() + "/metrics"));
    return gauge.find() ? Integer.parseInt(gauge.group(1)) : 0;
  }

  @Test
  void serverThatIsStartedAgain_hasTheSameStore_andItsHistory() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_5)) {
      String cluster;
      try (KvServer server = start(etcd)) {
        HttpResponse<String> first = put(server.etcdUrl() + "/v2/keys/a", "value=1");
        cluster = first.headers().firstValue("X-Etcd-Cluster-Id").orElseThrow();
        put(server.etcdUrl() + "/v2/keys/a", "value=2");
      }
      try (KvServer server = start(etcd)) {
        HttpResponse<String> now = ask(server.etcdUrl() + "/v2/keys/a");

        assertThat(now.body()).contains("\"value\":\"2\"");
        assertThat(now.headers().firstValue("X-Etcd-Cluster-Id")).contains(cluster);
        assertThat(get(server.etcdUrl() + "/v2/keys/a?wait=true&waitIndex=1"))
            .contains("\"value\":\"1\"");
      }
    }
  }

  @Test
  void threeServers_areAllMembers_eachWithItsOwnId_andGoneWhenTheyStop() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer one = start(advertising(etcd, "http://one.test:2379"));
        KvServer two = start(advertising(etcd, "http://two.test:2379"))) {
      try (KvServer three = start(advertising(etcd, "http://three.test:2379"))) {
        for (KvServer server : List.of(one, two, three)) {
          eventually(() -> ids(server).size() == 3);
          assertThat(get(server.etcdUrl() + "/v2/machines").split(", "))
              .containsExactlyInAnyOrder(
                  "http://one.test:2379", "http://two.test:2379", "http://three.test:2379");
          assertThat(get(server.etcdUrl() + "/v2/members/leader"))
              .isEqualTo(get(one.etcdUrl() + "/v2/members/leader"));
        }
        assertThat(ids(two)).isEqualTo(ids(one));
        assertThat(status(one, 0, "json")).contains("http://three.test:2379");
      }

      eventually(() -> ids(one).size() == 2 && ids(two).size() == 2);
      assertThat(get(two.etcdUrl() + "/v2/members")).contains("http://one.test:2379");
    }
  }

  private static ServerConfig advertising(EtcdProcess etcd, String url) {
    return config(
        etcd.endpoint(),
        "kv",
        Optional.of(free()),
        List.of(URI.create(url)),
        LONG,
        Duration.ofSeconds(20));
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
  void statusVerb_saysHowEtcdIs_andWhoHasTheLease() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer server = start(etcd)) {
      put(server.etcdUrl() + "/v2/keys/a/b", "value=hello");

      assertThat(status(server, 0, "table"))
          .contains("log below /kubekv/kv/")
          .contains("ms behind etcd")
          .contains(etcd.endpoint() + " one ")
          .contains("leader, at ")
          .containsPattern("holder +\\S+ at " + server.grpcTarget().orElseThrow());
      assertThat(status(server, 0, "json"))
          .contains("\"role\":\"holder\"")
          .contains("\"ready\":true")
          .contains("\"entries\":2")
          .contains("\"version\":\"3.6");
    }
  }

  @Test
  void statusVerb_withoutEtcd_saysWhatIsMissing_andSoDoAnswers() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer server =
            start(
                config(
                    etcd.endpoint(),
                    "kv",
                    Optional.of(free()),
                    List.of(),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2)))) {
      put(server.etcdUrl() + "/v2/keys/a", "value=1");
      etcd.kill();
      eventually(
          () -> get(server.opsUrl().orElseThrow() + "/readyz").contains("etcd has not kept"));

      assertThat(status(server, 3, "table"))
          .contains("waiting: etcd has not kept the lease of this replica alive for 2 s")
          .contains(etcd.endpoint() + ": does not answer")
          .contains("how far etcd is, no member says");
      HttpResponse<String> refused = put(server.etcdUrl() + "/v2/keys/a", "value=2");
      assertThat(refused.body())
          .contains("\"errorCode\":301", "etcd has not kept the lease of this replica alive");
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
  void holderWithoutAnAddress_isNamed_withWhatToSet() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer holder = start(config(etcd, "kv", Optional.empty()))) {
      put(holder.etcdUrl() + "/v2/keys/a", "value=1");
      ServerConfig impatient =
          config(
              etcd.endpoint(), "kv", Optional.of(free()), List.of(), LONG, Duration.ofSeconds(1));
      try (KvServer other = start(impatient)) {
        HttpResponse<String> refused = put(other.etcdUrl() + "/v2/keys/a", "value=2");

        assertThat(refused.body())
            .contains("\"errorCode\":301")
            .contains("holds the lease and says no address to forward to")
            .contains("--advertise-replica");
      }
    }
  }

  @Test
  void consulTransaction_mayChangeAKeyTwice() throws Exception {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        KvServer server = start(etcd)) {
      String url = server.consulUrl().orElseThrow();

      HttpResponse<String> twice = put(url + "/v1/txn", txn(set("MQ=="), set("Mg==")));

      assertThat(twice.statusCode()).as(twice.body()).isEqualTo(200);
      assertThat(get(url + "/v1/kv/x/a?raw")).isEqualTo("2");
    }
  }

  private static String set(String base64) {
    return "{\"KV\":{\"Verb\":\"set\",\"Key\":\"x/a\",\"Value\":\"%s\"}}".formatted(base64);
  }

  private static String txn(String... operations) {
    return "[" + String.join(",", operations) + "]";
  }

  @Test
  void noEtcd_saysSo() {
    ServerConfig config =
        config("127.0.0.1:1", "kv", Optional.empty(), List.of(), LONG, Duration.ofSeconds(1));

    assertThatThrownBy(() -> start(config))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("etcd does not answer");
  }

  @Test
  void leaseThatEtcdCannotGrant_isRefusedByName() {
    ServerConfig config =
        config(
            "127.0.0.1:1",
            "kv",
            Optional.empty(),
            List.of(),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> start(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lease-duration 1500ms");
  }
}
