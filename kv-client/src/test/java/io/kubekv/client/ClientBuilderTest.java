package io.kubekv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.kubekv.Key;
import io.kubekv.UnavailableException;
import io.kubekv.contract.TestCertificates;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a client reaches a server: targets, plain text, TLS. */
class ClientBuilderTest {
  private static final Key KEY = Key.of("k");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** Tells of every handshake that fails, as they do here. */
  private static final Logger NOISE = Logger.getLogger("io.grpc.netty.NettyServerTransport");

  @TempDir private static Path folder;
  private static TestCertificates ofServer;
  private static TestCertificates ofClient;
  private static TestCertificates ofStranger;

  private final Deque<Server> servers = new ArrayDeque<>();

  @BeforeAll
  static void prepare() throws Exception {
    NOISE.setLevel(Level.OFF);
    ofServer = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    ofClient = TestCertificates.make(folder, "client", "dns:client.example");
    ofStranger = TestCertificates.make(folder, "stranger", "ip:127.0.0.1");
  }

  @AfterEach
  void stop() {
    servers.forEach(Server::shutdownNow);
  }

  /** Knows one revision. */
  private static final class OneAnswer extends KeyValueGrpc.KeyValueImplBase {
    @Override
    public void get(Kv.GetRequest request, StreamObserver<Kv.GetResponse> client) {
      client.onNext(Kv.GetResponse.newBuilder().setRevision(7).build());
      client.onCompleted();
    }
  }

  private ClientBuilder serving(ServerCredentials credentials) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0), credentials)
            .addService(new OneAnswer())
            .build()
            .start();
    servers.add(server);
    return KubekvClient.to("127.0.0.1:" + server.getPort());
  }

  private static ServerCredentials tls() throws IOException {
    return TlsServerCredentials.create(ofServer.certificate().toFile(), ofServer.key().toFile());
  }

  private static ServerCredentials tlsForKnownClients() throws IOException {
    return TlsServerCredentials.newBuilder()
        .keyManager(ofServer.certificate().toFile(), ofServer.key().toFile())
        .trustManager(ofClient.certificate().toFile())
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  private static void assertAnswers(ClientBuilder builder) {
    try (KubekvClient client = builder.connect()) {
      assertThat(client.withDeadline(LONG).get(KEY).revision().value()).isEqualTo(7);
    }
  }

  private static void assertDoesNotAnswer(ClientBuilder builder) {
    try (KubekvClient client = builder.connect()) {
      assertThatThrownBy(() -> client.withDeadline(SHORT).get(KEY))
          .isInstanceOf(UnavailableException.class);
    }
  }

  /** The machine holds a process that exits while a thread waits for a connection. */
  @Test
  void close_endsTheThreadOfTheConnection() throws Exception {
    ClientBuilder builder = serving(InsecureServerCredentials.create());
    Set<Thread> before = connectionThreads();

    Set<Thread> own;
    try (KubekvClient client = builder.connect()) {
      assertThat(client.withDeadline(LONG).get(KEY).revision().value()).isEqualTo(7);
      own = connectionThreads();
      own.removeAll(before);
    }

    assertThat(own).hasSize(1).noneMatch(Thread::isAlive);
  }

  private static Set<Thread> connectionThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kubekv-client"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void connect_thisMachine_isPlaintext() throws Exception {
    assertAnswers(serving(InsecureServerCredentials.create()));
  }

  @Test
  void connect_thisMachineWithTls_isNotPlaintext() throws Exception {
    assertDoesNotAnswer(serving(InsecureServerCredentials.create()).tls());
  }

  @Test
  void connect_anotherName_isTls() throws Exception {
    serving(InsecureServerCredentials.create());
    // a name of this machine that is not one of the three that say so
    String target = "[::ffff:127.0.0.1]:" + servers.getFirst().getPort();
    assertDoesNotAnswer(KubekvClient.to(target));
    assertAnswers(KubekvClient.to(target).plaintext());
  }

  @Test
  void trust_certificateOfTheServer_answers() throws Exception {
    assertAnswers(serving(tls()).trust(ofServer.certificate()));
  }

  @Test
  void trust_anotherCertificate_doesNotAnswer() throws Exception {
    assertDoesNotAnswer(serving(tls()).trust(ofStranger.certificate()));
  }

  @Test
  void tls_certificateThatTheJdkDoesNotTrust_doesNotAnswer() throws Exception {
    assertDoesNotAnswer(serving(tls()).tls());
  }

  @Test
  void serverName_notInTheCertificate_doesNotAnswer() throws Exception {
    assertDoesNotAnswer(serving(tls()).trust(ofServer.certificate()).serverName("another.example"));
  }

  @Test
  void clientCertificate_wanted_answers() throws Exception {
    assertAnswers(
        serving(tlsForKnownClients())
            .trust(ofServer.certificate())
            .clientCertificate(ofClient.certificate(), ofClient.key()));
  }

  @Test
  void clientCertificate_missing_doesNotAnswer() throws Exception {
    assertDoesNotAnswer(serving(tlsForKnownClients()).trust(ofServer.certificate()));
  }

  @Test
  void connect_plaintextAndTls_isRefused() throws Exception {
    ClientBuilder both = serving(tls()).trust(ofServer.certificate()).plaintext();
    assertThatThrownBy(both::connect).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void connect_missingFile_saysWhich() throws Exception {
    ClientBuilder missing = serving(tls()).trust(folder.resolve("missing.crt"));
    assertThatThrownBy(missing::connect)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("missing.crt");
  }
}
