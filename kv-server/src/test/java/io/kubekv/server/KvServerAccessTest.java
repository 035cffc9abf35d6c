package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.UnauthenticatedException;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.HeldLock;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LockOptions;
import io.kubekv.client.RemoteStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole server with grants and tokens from files. */
class KvServerAccessTest {

  private static final String RBAC =
      """
      kind: ClusterRole
      metadata: {name: docker}
      rules:
      - {nonResourceURLs: ["/kv/default/docker/*", "/kv/default/docker"], verbs: [get, put, delete]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: docker}
      roleRef: {kind: ClusterRole, name: docker}
      subjects: [{kind: Group, name: hosts}]
      ---
      kind: ClusterRole
      metadata: {name: narrow}
      rules:
      - {nonResourceURLs: ["/kv/default/deep/down/key"], verbs: [get, put, delete]}
      - {nonResourceURLs: ["/sessions/default"], verbs: [put]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: narrow}
      roleRef: {kind: ClusterRole, name: narrow}
      subjects: [{kind: User, name: narrow}]
      """;

  @TempDir static Path folder;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static KvServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        GrantedServer.start(
            folder,
            RBAC,
            "one,host1,1,\"hosts\"\ntwo,other,2\nthree,narrow,3\n",
            Optional.of(ConfigUnderTest.FREE),
            DoorsConfig.DEFAULT);
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.shutdownNow();
  }

  private static HttpResponse<String> send(String method, String url, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.ofString("value=1"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String etcd(String key) {
    return server.etcdUrl() + "/v2/keys/" + key;
  }

  private static String consul(String path) {
    return server.consulUrl().orElseThrow() + "/v1/" + path;
  }

  private static KubekvClient client(String token) {
    return KubekvClient.to(server.grpcTarget().orElseThrow()).token(() -> token).connect();
  }

  @ParameterizedTest
  @CsvSource({
    "one, get docker/nodes, yes",
    "one, put docker/nodes, yes",
    "one, delete docker/ --prefix, yes",
    "one, get other, no",
    "one, delete d --prefix, no",
    "three, put deep/down/key, yes",
    "one, put other, no"
  })
  void canI_saysWhatIsGranted_andDoesNothing(String token, String question, String answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream unseen =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Map<String, String> environment =
        Map.of("KUBEKV_SERVER", server.grpcTarget().orElseThrow(), "KUBEKV_TOKEN", token);
    Terminal terminal =
        new Terminal(environment, new ByteArrayInputStream(new byte[0]), printed, unseen, "");

    int exitCode = ProgramUnderTest.run(terminal, ("auth can-i " + question).split(" "));

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(answer + "\n");
    assertThat(exitCode).isEqualTo(answer.equals("yes") ? 0 : 1);
  }

  @Test
  void etcd_withBasicAuthentication_isServedWhatIsGranted() throws Exception {
    String basic =
        "Basic " + Base64.getEncoder().encodeToString("any:one".getBytes(StandardCharsets.UTF_8));
    String form = "application/x-www-form-urlencoded";

    assertThat(
            send("PUT", etcd("docker/a") + "?value=1", "Authorization", basic, "Content-Type", form)
                .statusCode())
        .isIn(200, 201);
    assertThat(send("GET", etcd("docker?recursive=true"), "Authorization", basic).body())
        .contains("\"key\":\"/docker/a\"");
    assertThat(send("GET", etcd("?recursive=true"), "Authorization", basic).statusCode())
        .isEqualTo(401);
    assertThat(send("GET", etcd("docker/none"), "Authorization", basic).body())
        .contains("\"errorCode\":100", "\"cause\":\"/docker/none\"");
  }

  @Test
  void etcd_refusals_areItsOwn() throws Exception {
    for (HttpResponse<String> refused :
        List.of(
            send("GET", etcd("docker/a")),
            send("GET", etcd("docker/a"), "Authorization", "Bearer nobody"),
            send("GET", etcd("docker/a"), "Authorization", "Bearer two"),
            send("GET", server.etcdUrl() + "/v2/members"))) {
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body())
          .isEqualTo(
              "{\"errorCode\":110,\"message\":\"The request requires user authentication\","
                  + "\"cause\":\"Insufficient credentials\",\"index\":0}\n");
    }
  }

  @Test
  void etcd_healthAndVersion_areEverybodys() throws Exception {
    assertThat(send("GET", server.etcdUrl() + "/health").body())
        .isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
    assertThat(send("GET", server.etcdUrl() + "/version").statusCode()).isEqualTo(200);
  }

  @Test
  void consul_tokenInHeaderOrQuery() throws Exception {
    assertThat(send("PUT", consul("kv/docker/c"), "X-Consul-Token", "one").body())
        .isEqualTo("true");
    assertThat(send("GET", consul("kv/docker/c?raw&token=one")).body()).isEqualTo("value=1");
    assertThat(send("GET", consul("kv/docker/c?raw"), "Authorization", "Bearer one").body())
        .isEqualTo("value=1");
  }

  @Test
  void consul_refusals_areItsOwn() throws Exception {
    HttpResponse<String> denied = send("GET", consul("kv/docker/c?token=two"));
    HttpResponse<String> unknown = send("GET", consul("kv/docker/c?token=nobody"));

    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(denied.body()).isEqualTo("Permission denied");
    assertThat(unknown.statusCode()).isEqualTo(403);
    assertThat(unknown.body()).isEqualTo("ACL not found");
    assertThat(send("GET", consul("session/list?token=one")).body()).isEqualTo("Permission denied");
  }

  @Test
  void keyOfManySlashes_isRefusedByItsLimits_atEveryDoor() throws Exception {
    String deep = "a/".repeat(15_000) + "a";

    HttpResponse<String> etcd = send("GET", etcd(deep), "Authorization", "Bearer two");
    HttpResponse<String> consul = send("GET", consul("kv/" + deep + "?token=two"));
    HttpResponse<String> recursive = send("GET", consul("kv/" + deep + "?recurse&token=two"));

    assertThat(etcd.statusCode()).isEqualTo(400);
    assertThat(etcd.body())
        .contains("\"errorCode\":209", "key length is 30001 bytes, at most 4096");
    assertThat(consul.statusCode()).isEqualTo(413);
    assertThat(consul.body()).startsWith("key length is 30001 bytes, at most 4096");
    assertThat(recursive.body()).startsWith("prefix length is 30001 bytes, at most 4096");
    try (KubekvClient other = client("two")) {
      assertThatThrownBy(() -> Await.read(other.store().get(Key.of(deep), Freshness.LINEARIZABLE)))
          .isInstanceOf(LimitExceededException.class);
      assertThatThrownBy(
              () ->
                  Await.change(
                      other
                          .store()
                          .transact(
                              TransactionRequest.of(new TransactionOperation.Get(Key.of(deep))))))
          .isInstanceOf(LimitExceededException.class);
      TransactionRequest many =
          TransactionRequest.of(
              IntStream.range(0, 32)
                  .<TransactionOperation>mapToObj(
                      i -> new TransactionOperation.Get(Key.of(i + "/a".repeat(100))))
                  .toList());
      assertThatThrownBy(() -> Await.change(other.store().transact(many)))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("3232 path elements, at most 1024 allowed");
    }
  }

  @Test
  void grpc_refusals_sayWho() {
    try (KubekvClient other = client("two");
        KubekvClient nobody = client("nobody");
        KubekvClient silent = client("")) {
      assertThatThrownBy(
              () -> Await.read(other.store().get(Key.of("docker/g"), Freshness.LINEARIZABLE)))
          .isInstanceOf(PermissionDeniedException.class)
          .hasMessage("user \"other\" may not get key \"docker/g\" in store default");
      for (KubekvClient client : List.of(nobody, silent)) {
        assertThatThrownBy(
                () -> Await.read(client.store().get(Key.of("docker/g"), Freshness.LINEARIZABLE)))
            .isInstanceOf(UnauthenticatedException.class);
      }
    }
  }

  @Test
  void grpc_whatReplicasTellEachOther_isNotForUsers() {
    try (KubekvClient client = client("one")) {
      assertThat(client.replica().ready()).isTrue();
    }
  }

  @Test
  void audit_saysWhoChangedWhat_neverTheValue() throws Exception {
    send("PUT", consul("kv/docker/audited"), "X-Consul-Token", "one");
    send("DELETE", consul("kv/docker/audited"), "X-Consul-Token", "one");
    send("PUT", consul("kv/other%22%0A"), "X-Consul-Token", "two");

    List<String> lines = Files.readAllLines(folder.resolve("audit.log"));

    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    "\\{\"time\":\"[^\"]+Z\",\"user\":\"host1\",\"verb\":\"put\","
                        + "\"path\":\"/kv/default/docker/audited\",\"outcome\":\"done\","
                        + "\"revision\":\"\\d+\",\"request\":\"[0-9a-z]+-[0-9a-z]+\"}"))
        .anyMatch(line -> line.contains("\"verb\":\"delete\"") && line.contains("audited"))
        .allMatch(line -> line.startsWith("{\"time\":") && line.endsWith("}"))
        .noneMatch(line -> line.contains("value=1"));
  }

  private static List<String> auditedOf(String user) throws IOException {
    return Files.readAllLines(folder.resolve("audit.log")).stream()
        .filter(line -> line.contains("\"user\":\"" + user + "\""))
        .map(
            line ->
                line.replaceFirst(
                    ".*\"verb\":\"(\\w+)\",\"path\":\"([^\"]+)\",\"outcome\":\"(\\w+)\".*",
                    "$1 $2 $3"))
        .toList();
  }

  @Test
  void audit_ofKeyAndLock_hasWhatTheClientAskedFor_andNotWhatTheServerLooksUp() throws Exception {
    String key = "/kv/default/deep/down/key";
    String own = "Bearer three";

    assertThat(send("GET", etcd("deep/down/key"), "Authorization", own).body())
        .contains("\"errorCode\":100");
    assertThat(send("DELETE", etcd("deep/down/key"), "Authorization", own).body())
        .contains("\"errorCode\":100");
    assertThat(send("DELETE", etcd("deep/down/key?dir=true"), "Authorization", own).statusCode())
        .isEqualTo(401);
    try (KubekvClient client = client("three");
        HeldLock lock = client.lock(Key.of("deep/down/key"), LockOptions.DEFAULT)) {
      assertThat(lock.isHeld()).isTrue();
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(auditedOf("narrow"))
                    .containsExactly(
                        "delete " + key + " refused",
                        "get " + key + "/* denied",
                        "put " + key + " done",
                        "put " + key + " done"));
  }

  @Test
  void verb_showsItsToken() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "one\n");
    String target = server.grpcTarget().orElseThrow();
    String[] withFile = {
      "put", "docker/verb", "1", "--server", target, "--token-file", token.toString()
    };
    String[] withVariable = {"get", "docker/verb", "--server", target};

    assertThat(Main.commandLine(withFile, Map.of()).execute(withFile)).isZero();
    assertThat(Main.commandLine(withVariable, Map.of("KUBEKV_TOKEN", "one")).execute(withVariable))
        .isZero();
    assertThat(Main.commandLine(withVariable, Map.of()).execute(withVariable)).isNotZero();
  }

  private static String audited(String key) throws IOException {
    return Files.readString(folder.resolve("audit.log"))
        .lines()
        .filter(line -> line.contains(key + "\""))
        .reduce("", (first, last) -> last);
  }

  @Test
  void requestId_thatAClientSays_isInTheAuditLog_andInNoAnswer() throws Exception {
    HttpResponse<String> put =
        send(
            "PUT", etcd("docker/r1?value=1"), "Authorization", "Bearer one", "X-Request-Id", "r.1");
    send("PUT", consul("kv/docker/r2?token=one"), "X-Request-Id", "r.2");
    send(
        "DELETE",
        etcd("docker/r1?recursive=true"),
        "Authorization",
        "Bearer one",
        "traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    assertThat(put.headers().firstValue("X-Request-Id")).isEmpty();
    assertThat(audited("docker/r2")).contains("\"request\":\"r.2\"");
    assertThat(Files.readString(folder.resolve("audit.log")))
        .contains("\"request\":\"r.1\"", "\"request\":\"4bf92f3577b34da6a3ce929d0e0e4736\"");
  }

  @Test
  void requestId_thatIsNotFit_isReplaced() throws Exception {
    send("PUT", consul("kv/docker/r3?token=one"), "X-Request-Id", "no \"id\"");

    assertThat(audited("docker/r3"))
        .containsPattern("\"request\":\"[0-9a-z]+-[0-9a-z]+\"")
        .doesNotContain("no ");
  }

  @Test
  void requestId_ofGrpc_isInTheAuditLog() throws Exception {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "g.1");
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer one");
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(server.grpcTarget().orElseThrow())
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    try (KeyValueStore store = RemoteStore.over(channel, Duration.ofSeconds(10))) {
      Await.change(store.put(PutRequest.of(Key.of("docker/g1"), Bytes.utf8("1"))));
    }

    assertThat(audited("docker/g1")).contains("\"request\":\"g.1\"");
  }
}
