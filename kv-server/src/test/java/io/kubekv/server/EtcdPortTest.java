package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.contract.TestCertificates;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.etcdv3.EtcdV3Door;
import io.kubekv.etcdv3.wire.AuthGrpc;
import io.kubekv.etcdv3.wire.AuthStatusRequest;
import io.kubekv.etcdv3.wire.AuthenticateRequest;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.TlsFiles;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one port of etcd's API: version 2 over HTTP/1.1 and version 3 over gRPC. */
class EtcdPortTest {
  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);
  private static final ByteString KEY = ByteString.copyFromUtf8("a");

  @TempDir Path folder;

  private final KeyValueStore store = EngineStore.inMemory();
  private final List<AutoCloseable> opened = new ArrayList<>();

  private <T extends AutoCloseable> T opened(T part) {
    opened.add(part);
    return part;
  }

  private InetSocketAddress listening(Optional<Gate> gate, Optional<Certificates> tls)
      throws IOException {
    return listening(opened(new DoorsUnderTest(store, gate, tls, ClientLimits.DEFAULT)));
  }

  private static InetSocketAddress listening(DoorsUnderTest rig) throws IOException {
    EtcdV2Door second = new EtcdV2Door(FREE, List.of(), DoorsUnderTest::member);
    return rig.doors().open(new EtcdV3Door(FREE, new OneMember(), second::api)).socket();
  }

  private InetSocketAddress plain() throws IOException {
    return listening(Optional.empty(), Optional.empty());
  }

  private ManagedChannel channel(InetSocketAddress port) {
    return channel(port, InsecureChannelCredentials.create());
  }

  private ManagedChannel channel(InetSocketAddress port, ChannelCredentials credentials) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(port, credentials).build();
    opened(
        () -> {
          channel.shutdownNow();
          channel.awaitTermination(10, TimeUnit.SECONDS);
        });
    return channel;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
    store.close();
  }

  private static KVGrpc.KVBlockingStub kv(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofSeconds(20));
  }

  private static PutRequest put(String value) {
    return PutRequest.newBuilder().setKey(KEY).setValue(ByteString.copyFromUtf8(value)).build();
  }

  private static String read(KVGrpc.KVBlockingStub kv) {
    return kv.range(RangeRequest.newBuilder().setKey(KEY).build())
        .getKvs(0)
        .getValue()
        .toStringUtf8();
  }

  @Test
  void bothVersions_showTheSameKeys() throws Exception {
    InetSocketAddress port = plain();
    KVGrpc.KVBlockingStub kv = kv(channel(port));
    try (RawHttp http = new RawHttp(port)) {
      kv.put(put("third"));
      assertThat(http.request("GET", "/v2/keys/a", "").answer().body())
          .contains("\"value\":\"third\"");

      http.request("PUT", "/v2/keys/a", "value=second").answer();
      assertThat(read(kv)).isEqualTo("second");
      assertThat(http.request("GET", "/v2/keys/a", "").answer().body())
          .as("on the same connection")
          .contains("\"value\":\"second\"");
    }
  }

  @Test
  void gateway_showsTheSameKeysAsJson() throws Exception {
    InetSocketAddress port = plain();
    KVGrpc.KVBlockingStub kv = kv(channel(port));
    try (RawHttp http = new RawHttp(port)) {
      String put = "{\"key\":\"YQ==\",\"value\":\"dGhpcmQ=\"}";
      assertThat(http.request("POST", "/v3/kv/put", put).answer().status()).isEqualTo(200);
      assertThat(read(kv)).isEqualTo("third");
      assertThat(http.request("GET", "/v2/keys/a", "").answer().body())
          .contains("\"value\":\"third\"");
      assertThat(http.request("GET", "/version", "").answer().body())
          .isEqualTo("{\"etcdserver\":\"3.6.16\",\"etcdcluster\":\"3.6.0\",\"storage\":\"3.6.0\"}");
    }
  }

  private static RawHttp.Answer jsonRange(InetSocketAddress port, String authorization)
      throws IOException {
    String header = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
    String body = "{\"key\":\"YQ==\"}";
    try (RawHttp http = new RawHttp(port)) {
      return http.send(
              "POST /v3/kv/range HTTP/1.1\r\nHost: x\r\n"
                  + header
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .answer();
    }
  }

  @Test
  void gateway_knowsUsersAsTheOthersDo() throws Exception {
    Gate gate = opened(gate());
    InetSocketAddress port = listening(Optional.of(gate), Optional.empty());

    for (String shown : List.of("mary", "Bearer mary", "Basic YW55Om1hcnk=")) {
      assertThat(jsonRange(port, shown).status()).as(shown).isEqualTo(200);
    }
    assertThat(jsonRange(port, "john").body())
        .isEqualTo("{\"code\":7,\"message\":\"etcdserver: permission denied\"}");
    RawHttp.Answer nobody = jsonRange(port, "");
    assertThat(nobody.status()).isEqualTo(400);
    assertThat(nobody.body())
        .isEqualTo("{\"code\":3,\"message\":\"etcdserver: user name is empty\"}");
    RawHttp.Answer stranger = jsonRange(port, "Bearer stranger");
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.body())
        .isEqualTo("{\"code\":16,\"message\":\"etcdserver: invalid auth token\"}");
    try (RawHttp http = new RawHttp(port)) {
      String login = "{\"name\":\"mary\",\"password\":\"mary\"}";
      assertThat(http.request("POST", "/v3/auth/authenticate", login).answer().body())
          .contains("\"token\":\"mary\"");
      assertThat(http.request("POST", "/v3/auth/status", "").answer().body())
          .contains("\"enabled\":true");
      assertThat(http.request("GET", "/readyz", "").answer().body()).isEqualTo("ok\n");
      assertThat(http.request("GET", "/health", "").answer().status()).isEqualTo(200);
      assertThat(http.request("POST", "/v3/kv/put", "{}").answer().status()).isEqualTo(400);
    }
  }

  @Test
  void requestThatBeginsAsHttp2Does_isReadAsWhatItIs() throws Exception {
    try (RawHttp http = new RawHttp(plain())) {
      for (String part : List.of("P", "RI", " /v2/keys/a HT", "TP/1.1\r\nHost: x\r\n", "\r\n")) {
        http.send(part);
      }

      assertThat(http.answer().status()).isEqualTo(405);
    }
  }

  @Test
  void prefaceThatComesInPieces_isTaken() throws Exception {
    try (RawHttp http = new RawHttp(plain())) {
      for (String part :
          List.of("PRI * HT", "TP/2.0\r\n\r\nS", "M\r\n\r\n", "\0\0\0\4\0\0\0\0\0")) {
        http.send(part);
      }

      // a frame of settings, which HTTP/2 begins with (RFC 9113, section 3.4)
      byte[] first = http.bytes(4);
      assertThat(first[3]).isEqualTo((byte) 4);
    }
  }

  @Test
  void prefaceThatBreaksOff_isAnUnknownMethod() throws Exception {
    try (RawHttp http = new RawHttp(plain())) {
      http.send("PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n");

      assertThat(http.answer().status()).isEqualTo(501);
    }
  }

  @Test
  void health_isServing() throws Exception {
    assertThat(
            HealthGrpc.newBlockingStub(channel(plain()))
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
  }

  @Test
  void watchWithPreviousValues_isToldWhatVersion2HasReplaced() throws Exception {
    InetSocketAddress port = plain();
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchResponse> previous =
        new StreamObserver<>() {
          @Override
          public void onNext(WatchResponse answer) {
            answer
                .getEventsList()
                .forEach(event -> told.add(event.getPrevKv().getValue().toStringUtf8()));
          }

          @Override
          public void onError(Throwable failure) {
            told.add(failure.toString());
          }

          @Override
          public void onCompleted() {}
        };
    try (RawHttp http = new RawHttp(port)) {
      http.request("PUT", "/v2/keys/a", "value=first").answer();
      WatchGrpc.newStub(channel(port))
          .watch(previous)
          .onNext(
              WatchRequest.newBuilder()
                  .setCreateRequest(
                      WatchCreateRequest.newBuilder()
                          .setKey(KEY)
                          .setPrevKv(true)
                          .setStartRevision(store.status().revision().next().value()))
                  .build());
      http.request("PUT", "/v2/keys/a", "value=second").answer();

      assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("first");
    }
  }

  private record Seen(BlockingQueue<String> told) implements StreamObserver<WatchResponse> {
    @Override
    public void onNext(WatchResponse answer) {
      told.add(answer.getCreated() ? "created" : "events " + answer.getEventsCount());
    }

    @Override
    public void onError(Throwable failure) {
      told.add(Status.fromThrowable(failure).getCode().toString());
    }

    @Override
    public void onCompleted() {
      told.add("completed");
    }
  }

  @Test
  void stop_endsStreams_andCutsNobodyElse() throws Exception {
    DoorsUnderTest rig =
        opened(new DoorsUnderTest(store, Optional.empty(), Optional.empty(), ClientLimits.DEFAULT));
    InetSocketAddress port = listening(rig);
    Seen seen = new Seen(new LinkedBlockingQueue<>());
    StreamObserver<WatchRequest> watch = WatchGrpc.newStub(channel(port)).watch(seen);
    watch.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(KEY))
            .build());
    assertThat(seen.told().poll(20, TimeUnit.SECONDS)).isEqualTo("created");
    long begun = System.nanoTime();

    rig.doors().close();

    assertThat(seen.told().poll(20, TimeUnit.SECONDS)).isEqualTo("UNAVAILABLE");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    assertThatThrownBy(() -> new RawHttp(port)).isInstanceOf(IOException.class);
  }

  private static Gate gate() {
    return new Gate(
        "test",
        Limits.DEFAULT,
        new Identities(
            CertificateUsers.bySubject(),
            token ->
                Optional.of(token)
                    .filter(shown -> !shown.equals("stranger"))
                    .map(shown -> new User(shown, List.of())),
            false),
        (user, verb, path) -> user.name().equals("mary"),
        Duration.ofSeconds(10),
        Audit.NONE,
        Runnable::run);
  }

  private static KVGrpc.KVBlockingStub as(KVGrpc.KVBlockingStub kv, String header, String shown) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), shown);
    return kv.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Test
  void user_isKnownByEveryWayInWhichClientsShowATokenAndMayWhatIsGranted() throws Exception {
    Gate gate = opened(gate());
    ManagedChannel channel = channel(listening(Optional.of(gate), Optional.empty()));

    for (String[] shown :
        new String[][] {
          {"token", "mary"},
          {"authorization", "Bearer mary"},
          {"authorization", "mary"},
          {"authorization", "Basic YW55Om1hcnk="}
        }) {
      KVGrpc.KVBlockingStub kv = as(kv(channel), shown[0], shown[1]);
      kv.put(put("mine"));
      assertThat(read(kv)).isEqualTo("mine");
    }
    assertThatThrownBy(() -> as(kv(channel), "token", "john").put(put("his")))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("PERMISSION_DENIED: etcdserver: permission denied");
    assertThatThrownBy(() -> as(kv(channel), "token", "stranger").put(put("a stranger's")))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAUTHENTICATED: etcdserver: invalid auth token");
    assertThatThrownBy(() -> kv(channel).put(put("nobody's")))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("INVALID_ARGUMENT: etcdserver: user name is empty");
  }

  @Test
  void password_givesTheTokenThatItIs_toItsUserAlone() throws Exception {
    Gate gate = opened(gate());
    AuthGrpc.AuthBlockingStub auth =
        AuthGrpc.newBlockingStub(channel(listening(Optional.of(gate), Optional.empty())));
    AuthenticateRequest.Builder mary = AuthenticateRequest.newBuilder().setName("mary");

    assertThat(auth.authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled()).isTrue();
    assertThat(auth.authenticate(mary.setPassword("mary").build()).getToken()).isEqualTo("mary");
    assertThatThrownBy(() -> auth.authenticate(mary.setPassword("john").build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage(
            "INVALID_ARGUMENT: etcdserver: authentication failed, invalid user ID or password");
  }

  private Certificates certificates(TestCertificates own, TestCertificates ofClients) {
    return opened(
        Certificates.open(
            new TlsFiles(
                own.certificate(),
                own.key(),
                Optional.of(ofClients.certificate()),
                true,
                Optional.empty())));
  }

  @Test
  void tls_servesBothVersions_andKnowsTheUserOfACertificateInBoth() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    TestCertificates mary = TestCertificates.make(folder, "mary", "dns:mary.example");
    Gate gate = opened(gate());
    InetSocketAddress port = listening(Optional.of(gate), Optional.of(certificates(own, mary)));
    ChannelCredentials shown =
        TlsChannelCredentials.newBuilder()
            .trustManager(file(own.certificate()))
            .keyManager(file(mary.certificate()), file(mary.key()))
            .build();

    kv(channel(port, shown)).put(put("secret"));
    try (HttpClient http =
        HttpClient.newBuilder() // which offers HTTP/2 and HTTP/1.1
            .sslContext(own.trusting(Optional.of(mary)))
            .build()) {
      HttpResponse<String> found =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("https://127.0.0.1:" + port.getPort() + "/v2/keys/a"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(found.body()).contains("\"value\":\"secret\"");
      assertThat(found.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
    assertThat(agreed(port, own.trusting(Optional.of(mary)), "h2")).isEqualTo("h2");
    assertThat(agreed(port, own.trusting(Optional.of(mary)), "h2", "http/1.1"))
        .isEqualTo("http/1.1");
  }

  private static File file(Path path) {
    return path.toFile();
  }

  private static String agreed(InetSocketAddress port, SSLContext context, String... offered)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port.getPort())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(offered);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }
}
