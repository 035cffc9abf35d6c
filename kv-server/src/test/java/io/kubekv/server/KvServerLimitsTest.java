package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.kubekv.LimitExceededException;
import io.kubekv.OverloadedException;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import io.kubekv.v1.SessionsGrpc;
import io.kubekv.wire.Errors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each door says to a client that is over a limit, on the whole server. */
class KvServerLimitsTest {
  private static final ClientLimits MANY = ClientLimits.DEFAULT;
  private static final LimitsConfig ALL = LimitsConfig.DEFAULT;
  private static final String RBAC =
      """
      kind: ClusterRole
      metadata: {name: all}
      rules:
      - {nonResourceURLs: ["/kv/default/*"], verbs: [get, put, delete]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: all}
      roleRef: {kind: ClusterRole, name: all}
      subjects: [{kind: Group, name: hosts}]
      """;

  /** Requests until one is refused: the rate is that of seconds, and a test may be slow. */
  private static final int ENOUGH = 10_000;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private KvServer server;

  @SuppressWarnings("NullAway.Init")
  private ManagedChannel channel;

  private void start(LimitsConfig limits, Optional<AccessConfig> access) {
    server =
        KvServer.start(
            ConfigUnderTest.embedded(folder.resolve("data"))
                .clients(limits)
                .access(access)
                .doors(
                    new DoorsConfig(
                        List.of(),
                        List.of("*"),
                        Optional.of("kubekv"),
                        Optional.empty(),
                        PageConfig.DEFAULT))
                .config());
    channel = channel();
  }

  private void start(ClientLimits client) {
    start(
        new LimitsConfig(
            client,
            ALL.watches(),
            ALL.connections(),
            ALL.connectionsOfClient(),
            ALL.listBytes(),
            0),
        Optional.empty());
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forTarget(server.grpcTarget().orElseThrow()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private static ClientLimits oneRequest() {
    return new ClientLimits(1, 1, 0, 10, 10, 10, Duration.ZERO);
  }

  private static ClientLimits watches(int watches, int sessions) {
    return new ClientLimits(0, 1, 0, 100, watches, sessions, Duration.ZERO);
  }

  private RawHttp etcd() throws IOException {
    return connect(server.etcdUrl());
  }

  private RawHttp consul() throws IOException {
    return connect(server.consulUrl().orElseThrow());
  }

  private static RawHttp connect(String url) throws IOException {
    URI uri = URI.create(url);
    return new RawHttp(new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  private static Answer refused(RawHttp http, String target) throws IOException {
    for (int i = 0; i < ENOUGH; i++) {
      Answer answer = http.request("GET", target, "").answer();
      if (answer.status() == 429) {
        return answer;
      }
    }
    throw new AssertionError("nothing was refused");
  }

  private static RuntimeException port(StatusRuntimeException status) {
    return Errors.toPort(status).orElseThrow();
  }

  private String metrics() throws IOException {
    try (RawHttp http = connect(server.opsUrl().orElseThrow())) {
      return http.request("GET", "/metrics", "").answer().body();
    }
  }

  @Test
  void requestRate_isToldInEachDialect_andAllDoorsCountTogether() throws Exception {
    start(oneRequest());
    try (RawHttp etcd = etcd();
        RawHttp consul = consul()) {
      Answer fromEtcd = refused(etcd, "/v2/keys/");
      Answer fromConsul = refused(consul, "/v1/kv/a");

      assertThat(fromEtcd.header("Retry-After")).isEqualTo("1");
      assertThat(fromEtcd.header("Content-Type")).isEqualTo("application/json");
      assertThat(fromEtcd.body())
          .isEqualTo(
              "{\"errorCode\":300,\"message\":\"Raft Internal Error\",\"cause\":\"too much is asked"
                  + " for by 127.0.0.1: at most 1 requests a second; ask less"
                  + " often\",\"index\":0}\n");
      assertThat(fromConsul.header("Retry-After")).isEqualTo("1");
      assertThat(fromConsul.body())
          .isEqualTo(
              "too much is asked for by 127.0.0.1: at most 1 requests a second; ask less often");
    }
    StatusRuntimeException fromGrpc = refusedGet(KeyValueGrpc.newBlockingStub(channel));
    assertThat(fromGrpc.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(port(fromGrpc)).isInstanceOf(OverloadedException.class);
    assertThat(metrics())
        .containsPattern(
            "kubekv_limit_hits_total\\{limit=\"client_request_rate\",outcome=\"refused\"\\} [3-9]");
  }

  private static StatusRuntimeException refusedGet(KeyValueGrpc.KeyValueBlockingStub stub) {
    for (int i = 0; i < ENOUGH; i++) {
      StatusRuntimeException failed =
          catchThrowableOfType(StatusRuntimeException.class, () -> status(stub));
      if (failed != null) {
        return failed;
      }
    }
    throw new AssertionError("nothing was refused");
  }

  private static Kv.StatusResponse status(KeyValueGrpc.KeyValueBlockingStub stub) {
    return stub.status(Kv.StatusRequest.getDefaultInstance());
  }

  private static void set(Metadata metadata, String name, String value) {
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
  }

  /** What only those know who may read the Lease. */
  private String secret() throws IOException {
    Config config =
        Config.fromKubeconfig(Files.readString(folder.resolve("data").resolve("kubeconfig")));
    try (KubernetesClient api = new KubernetesClientBuilder().withConfig(config).build()) {
      return Objects.requireNonNull(
          api.leases()
              .inNamespace("default")
              .withName("kubekv")
              .get()
              .getMetadata()
              .getAnnotations()
              .get("kubekv.io/replica-secret"));
    }
  }

  @Test
  void callThatAReplicaPassesOn_isOnNoBudgetHere_whereItProvesToBeOne() throws Exception {
    start(oneRequest());
    KeyValueGrpc.KeyValueBlockingStub client = KeyValueGrpc.newBlockingStub(channel);
    Metadata passedOn = new Metadata();
    set(passedOn, "kubekv-forwarded", "0");
    Metadata wrong = new Metadata();
    wrong.merge(passedOn);
    set(wrong, "kubekv-replica-secret", "x".repeat(43));
    Metadata proven = new Metadata();
    proven.merge(passedOn);
    set(proven, "kubekv-replica-secret", secret());

    refusedGet(client.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(passedOn)));
    refusedGet(client.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(wrong)));
    for (int i = 0; i < 20; i++) {
      status(client.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(proven)));
    }
  }

  @Test
  void stranger_isNoFollower_andInNoListOfMembers() throws Exception {
    start(MANY);
    Iterator<ReplicaProto.Announcement> stream =
        ReplicasGrpc.newBlockingStub(channel)
            .follow(
                ReplicaProto.FollowRequest.newBuilder()
                    .setMember(
                        ReplicaProto.Member.newBuilder()
                            .setIdentity("x_1")
                            .setName("x")
                            .addClientUrls("http://elsewhere.example:2379"))
                    .build());

    assertThat(catchThrowableOfType(StatusRuntimeException.class, stream::next).getStatus())
        .satisfies(
            status -> assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED),
            status -> assertThat(status.getDescription()).contains("is for replicas"));
    try (RawHttp etcd = etcd()) {
      assertThat(etcd.request("GET", "/v2/machines", "").answer().body())
          .isEqualTo("http://store.test:2379"); // the one that the client came by
    }
  }

  @Test
  void requestsThatWait_areAnsweredInTheEnd() throws Exception {
    start(new ClientLimits(10, 1, 0, 10, 10, 10, Duration.ofMinutes(1)));
    try (RawHttp etcd = etcd()) {
      for (int i = 0; i < 10; i++) {
        assertThat(etcd.request("GET", "/v2/keys/", "").answer().status()).isEqualTo(200);
      }
    }
    for (int i = 0; i < 10; i++) {
      status(KeyValueGrpc.newBlockingStub(channel));
    }
    assertThat(metrics())
        .containsPattern(
            "kubekv_limit_hits_total\\{limit=\"client_request_rate\",outcome=\"delayed\"\\} [1-9]");
  }

  @Test
  void watches_areLimitedAtEachDoor() throws Exception {
    start(watches(1, 10));
    try (RawHttp watch = etcd();
        RawHttp etcd = etcd();
        RawHttp consul = consul()) {
      assertThat(watch.request("GET", "/v2/keys/a?wait=true", "").head().status()).isEqualTo(200);
      String told = "too many watches are open by 127.0.0.1: at most 1; close some first";

      Answer fromEtcd = etcd.request("GET", "/v2/keys/a?wait=true", "").answer();
      assertThat(fromEtcd.status()).isEqualTo(429);
      assertThat(fromEtcd.body()).contains("\"errorCode\":300", told);
      Answer fromConsul = consul.request("GET", "/v1/kv/b?index=1000000", "").answer();
      assertThat(fromConsul.status()).isEqualTo(429);
      assertThat(fromConsul.body()).isEqualTo(told);
      Iterator<Kv.WatchResponse> stream =
          KeyValueGrpc.newBlockingStub(channel).watch(Kv.WatchRequest.getDefaultInstance());
      assertThatThrownBy(stream::hasNext)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class, refused -> assertThat(port(refused)).hasMessage(told));
    }
    await().untilAsserted(() -> assertThat(metrics()).contains("\nkubekv_watches 0.0"));
  }

  @Test
  void sessions_areLimitedAtEachDoor_andMakeRoomWhenTheyEnd() throws Exception {
    start(watches(10, 1));
    try (RawHttp consul = consul()) {
      String id =
          consul.request("PUT", "/v1/session/create", "").answer().body().replaceAll("\\s", "");
      Answer second = consul.request("PUT", "/v1/session/create", "").answer();
      assertThat(second.status()).isEqualTo(413);
      assertThat(second.body())
          .isEqualTo("number of sessions of one client is 2 sessions, at most 1 allowed");
      SessionsGrpc.SessionsBlockingStub sessions = SessionsGrpc.newBlockingStub(channel);
      assertThatThrownBy(
              () ->
                  sessions.create(
                      Kv.CreateSessionRequest.newBuilder()
                          .setSpec(Kv.SessionSpec.newBuilder().setName("x"))
                          .build()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused -> assertThat(port(refused)).isInstanceOf(LimitExceededException.class));

      String quoted = id.substring(id.indexOf(":\"") + 2, id.lastIndexOf('"'));
      consul.request("PUT", "/v1/session/destroy/" + quoted, "").answer();
      assertThat(consul.request("PUT", "/v1/session/create", "").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void listing_isLimitedWhereItIsAnsweredInOnePiece() throws Exception {
    start(
        new LimitsConfig(MANY, ALL.watches(), ALL.connections(), ALL.connectionsOfClient(), 100, 0),
        Optional.empty());
    try (RawHttp etcd = etcd();
        RawHttp consul = consul()) {
      for (String key : List.of("d/a", "d/b")) {
        etcd.request("PUT", "/v2/keys/" + key, "value=" + "x".repeat(60)).answer();
      }

      Answer fromEtcd = etcd.request("GET", "/v2/keys/d?recursive=true", "").answer();
      assertThat(fromEtcd.status()).isEqualTo(400);
      assertThat(fromEtcd.body()).contains("list size is", "at most 100 allowed");
      Answer fromConsul = consul.request("GET", "/v1/kv/d?recurse", "").answer();
      assertThat(fromConsul.status()).isEqualTo(413);
      assertThat(etcd.request("GET", "/v2/keys/d/a", "").answer().status()).isEqualTo(200);
    }
    assertThat(metrics())
        .contains("kubekv_limit_hits_total{limit=\"list_bytes\",outcome=\"refused\"} 2.0");
  }

  @Test
  void storeThatIsFull_refusesWhatAddsToIt_inEachDialect_andTakesDeletes() throws Exception {
    LimitsConfig small =
        new LimitsConfig(
            MANY,
            ALL.watches(),
            ALL.connections(),
            ALL.connectionsOfClient(),
            ALL.listBytes(),
            100_000);
    start(small, Optional.empty());
    String large = "x".repeat(30_000);
    try (RawHttp etcd = etcd();
        RawHttp consul = consul()) {
      for (int i = 0; i < 3; i++) {
        assertThat(etcd.request("PUT", "/v2/keys/k" + i, "value=" + large).answer().status())
            .isEqualTo(201);
      }

      Answer fromEtcd = etcd.request("PUT", "/v2/keys/more", "value=" + large).answer();
      assertThat(fromEtcd.status()).isEqualTo(400);
      assertThat(fromEtcd.body()).contains("\"errorCode\":209", "store size is", "at most 100000");
      Answer fromConsul = consul.request("PUT", "/v1/kv/more", large).answer();
      assertThat(fromConsul.status()).isEqualTo(413);
      assertThat(fromConsul.body()).contains("store size is");
      Kv.PutRequest more =
          Kv.PutRequest.newBuilder()
              .setKey("more")
              .setValue(ByteString.copyFromUtf8(large))
              .build();
      assertThatThrownBy(() -> KeyValueGrpc.newBlockingStub(channel).put(more))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused -> {
                assertThat(refused.getStatus().getCode())
                    .isEqualTo(Status.Code.FAILED_PRECONDITION);
                assertThat(port(refused))
                    .isInstanceOfSatisfying(
                        LimitExceededException.class,
                        over -> assertThat(over.limit()).isEqualTo("store size"));
              });
      assertThat(metrics())
          .contains(
              "kubekv_limit_hits_total{limit=\"store_bytes\",outcome=\"refused\"} 3.0",
              "kubekv_store_max_bytes 100000.0");

      assertThat(etcd.request("PUT", "/v2/keys/k1", "value=" + large).answer().status())
          .as("the same size")
          .isEqualTo(200);
      assertThat(etcd.request("DELETE", "/v2/keys/k0", "").answer().status()).isEqualTo(200);
      assertThat(etcd.request("PUT", "/v2/keys/more", "value=" + large).answer().status())
          .as("after a delete")
          .isEqualTo(201);
    }
  }

  /** Health is told all the same. */
  @Test
  void pageOnTheOperationsPort_isOnTheBudgetOfAllDoors() throws Exception {
    start(watches(1, 10));
    try (RawHttp etcd = etcd();
        RawHttp ops = connect(server.opsUrl().orElseThrow());
        RawHttp health = connect(server.opsUrl().orElseThrow())) {
      assertThat(etcd.request("GET", "/v2/keys/a?wait=true", "").head().status()).isEqualTo(200);

      assertThat(ops.request("GET", "/ui/events", "").head().status()).isEqualTo(429);
      assertThat(health.request("GET", "/healthz", "").answer().status()).isEqualTo(200);
      assertThat(metrics())
          .contains("kubekv_limit_hits_total{limit=\"client_watches\",outcome=\"refused\"} 1.0");
    }
  }

  @Test
  void pageOnTheOperationsPort_isHeldToTheRate_andHealthIsNot() throws Exception {
    start(oneRequest());
    try (RawHttp ops = connect(server.opsUrl().orElseThrow());
        RawHttp health = connect(server.opsUrl().orElseThrow())) {
      assertThat(refused(ops, "/ui/").body()).contains("You ask too often");
      assertThat(health.request("GET", "/healthz", "").answer().status()).isEqualTo(200);
      assertThat(health.request("GET", "/healthz", "").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void connections_areLimitedAtTheGrpcDoor() {
    start(
        new LimitsConfig(MANY, ALL.watches(), ALL.connections(), 1, ALL.listBytes(), 0),
        Optional.empty());
    status(KeyValueGrpc.newBlockingStub(channel));
    ManagedChannel second = channel();
    try {
      assertThatThrownBy(() -> status(KeyValueGrpc.newBlockingStub(second)))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused ->
                  assertThat(port(refused))
                      .hasMessage(
                          "too many connections are open from 127.0.0.1: at most 1; close some"
                              + " first"));
      channel.shutdownNow();
      await()
          .ignoreException(StatusRuntimeException.class)
          .until(() -> status(KeyValueGrpc.newBlockingStub(second)) != null);
    } finally {
      second.shutdownNow();
    }
  }

  @Test
  void users_haveABudgetEach() throws Exception {
    Path rbac = Files.writeString(folder.resolve("rbac.yaml"), RBAC);
    Path tokens = folder.resolve("tokens.csv");
    Files.writeString(tokens, "one,host1,1,\"hosts\"\ntwo,host2,2,\"hosts\"\n");
    start(
        new LimitsConfig(
            watches(1, 10),
            ALL.watches(),
            ALL.connections(),
            ALL.connectionsOfClient(),
            ALL.listBytes(),
            0),
        Optional.of(
            new AccessConfig(
                AccessConfig.Mode.RBAC,
                Optional.of(rbac),
                Duration.ofSeconds(10),
                false,
                List.of(),
                Optional.of(tokens),
                AccessConfig.CertificateField.subject,
                false,
                Optional.empty())));
    try (RawHttp first = etcd();
        RawHttp second = etcd();
        RawHttp other = etcd()) {
      assertThat(get(first, "/v2/keys/a", "one").answer().status()).isEqualTo(404);
      assertThat(get(other, "/v2/keys/a", "two").answer().status()).isEqualTo(404);
      assertThat(get(first, "/v2/keys/a?wait=true", "one").head().status()).isEqualTo(200);
      assertThat(get(second, "/v2/keys/a?wait=true", "one").answer().body())
          .contains("too many watches are open by user host1");
      assertThat(get(other, "/v2/keys/a?wait=true", "two").head().status()).isEqualTo(200);
    }
  }

  private static RawHttp get(RawHttp http, String target, String token) throws IOException {
    return http.send(
        "GET " + target + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token + "\r\n\r\n");
  }
}
