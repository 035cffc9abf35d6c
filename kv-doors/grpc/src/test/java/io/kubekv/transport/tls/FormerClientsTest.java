package io.kubekv.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.contract.TestCertificates;
import io.kubekv.engine.EngineStore;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.grpc.OpenStreams;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import io.kubekv.v1.LocksGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that were let in, and would not be any more; and what TLS is not spoken. */
class FormerClientsTest {
  @TempDir Path folder;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoop loop = new EventLoop();

  @SuppressWarnings("NullAway.Init")
  private TestCertificates own;

  @SuppressWarnings("NullAway.Init")
  private TestCertificates client;

  @SuppressWarnings("NullAway.Init")
  private Path authority;

  @SuppressWarnings("NullAway.Init")
  private Certificates certificates;

  @SuppressWarnings("NullAway.Init")
  private HttpListener http;

  @BeforeEach
  void open() throws Exception {
    own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    client = TestCertificates.make(folder, "client", "dns:client.example");
    authority = Files.copy(client.certificate(), folder.resolve("ca.crt"));
    certificates =
        Certificates.open(
            new TlsFiles(
                own.certificate(), own.key(), Optional.of(authority), true, Optional.empty()),
            now::get);
    HttpHandler handler =
        new HttpHandler() {
          @Override
          public void handle(HttpExchange exchange) {
            exchange.reply(200, List.of(), Payload.utf8("ok"));
          }

          @Override
          public void bodyTooLarge(HttpExchange exchange, long limit) {}

          @Override
          public void overLimit(HttpExchange exchange, OverLimitException why) {}
        };
    http =
        HttpListener.start(
            "127.0.0.1",
            0,
            HttpLimits.DEFAULT,
            handler,
            threads,
            loop,
            Optional.of(certificates),
            new Budgets(ClientLimits.DEFAULT, 100));
  }

  @AfterEach
  void close() {
    http.close();
    certificates.close();
    loop.close();
    threads.close();
  }

  private SSLSocket connect() throws Exception {
    SSLSocket socket =
        (SSLSocket)
            own.trusting(Optional.of(client))
                .getSocketFactory()
                .createSocket("127.0.0.1", http.port());
    socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
    return socket;
  }

  /** The first byte of the answer; -1 when the connection was closed. */
  private static int ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[4096];
    int read = socket.getInputStream().read(answer);
    return read < 0 ? -1 : answer[0];
  }

  private void replaceAuthority() throws Exception {
    TestCertificates other = TestCertificates.make(folder, "other", "dns:other.example");
    Files.copy(other.certificate(), authority, StandardCopyOption.REPLACE_EXISTING);
    certificates.look();
  }

  @Test
  void connection_whoseAuthorityIsReplaced_isClosed_andItsSessionIsNotResumed() throws Exception {
    try (SSLSocket socket = connect()) {
      assertThat(ask(socket)).isEqualTo('H');

      replaceAuthority();

      assertThat(ask(socket)).isEqualTo(-1);
    }
    assertThatThrownBy(
            () -> {
              try (SSLSocket again = connect()) {
                assertThat(ask(again)).isEqualTo('H');
              }
            })
        .isInstanceOfAny(IOException.class, AssertionError.class);
  }

  @Test
  void connection_whoseCertificateIsOver_isClosed_alsoWhenNothingIsAsked() throws Exception {
    try (SSLSocket socket = connect()) {
      assertThat(ask(socket)).isEqualTo('H');

      now.set(now.get().plus(Duration.ofDays(3650)));

      byte[] rest = new byte[4096];
      assertThat(socket.getInputStream().read(rest)).isEqualTo(-1);
    }
  }

  /** Has the door's store and a client that shows its certificate. */
  private final class Grpc implements AutoCloseable {
    final EngineStore store = EngineStore.inMemory();
    final OpenDoor door;
    final ManagedChannel channel;

    Grpc() throws IOException {
      door =
          new GrpcDoor(new ListenAddress("127.0.0.1", 0), Companion.none())
              .openUnguarded(
                  GrpcSettings.DEFAULT.withTls(Optional.of(certificates)), store, threads);
      channel =
          NettyChannelBuilder.forAddress(
                  "127.0.0.1",
                  door.port(),
                  TlsChannelCredentials.newBuilder()
                      .trustManager(own.certificate().toFile())
                      .keyManager(client.certificate().toFile(), client.key().toFile())
                      .build())
              .build();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      door.close();
    }
  }

  /** What a stream says; its end is told by the latch. */
  private static final class Heard<T> implements StreamObserver<T> {
    final CountDownLatch begun = new CountDownLatch(1);
    final CompletableFuture<Status.Code> end = new CompletableFuture<>();

    @Override
    public void onNext(T message) {
      begun.countDown();
    }

    @Override
    public void onError(Throwable why) {
      end.complete(Status.fromThrowable(why).getCode());
    }

    @Override
    public void onCompleted() {
      end.complete(Status.Code.OK);
    }

    Heard<T> awaitBegun() throws InterruptedException {
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      return this;
    }

    Status.Code awaitEnd() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void call_ofAFormerClient_isRefused() throws Exception {
    try (Grpc grpc = new Grpc()) {
      KeyValueGrpc.KeyValueBlockingStub stub = KeyValueGrpc.newBlockingStub(grpc.channel);
      assertThat(stub.get(Kv.GetRequest.newBuilder().setKey("a").build()).hasEntry()).isFalse();

      replaceAuthority();

      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class,
                      () -> stub.get(Kv.GetRequest.newBuilder().setKey("a").build()))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void watch_ofAFormerClient_isEnded() throws Exception {
    try (Grpc grpc = new Grpc()) {
      Heard<Kv.WatchResponse> watch = new Heard<>();
      KeyValueGrpc.newStub(grpc.channel)
          .watch(
              Kv.WatchRequest.newBuilder().setRange(Kv.Range.newBuilder().setPrefix("a")).build(),
              watch);
      watch.awaitBegun();

      replaceAuthority();

      assertThat(watch.awaitEnd()).isEqualTo(Status.Code.UNAUTHENTICATED);
      Awaitility.await().untilAsserted(() -> assertThat(OpenStreams.of(grpc.door)).isZero());
    }
  }

  @Test
  void list_thatAFormerClientDoesNotRead_isEnded() throws Exception {
    try (Grpc grpc = new Grpc()) {
      for (int i = 0; i < 64; i++) {
        Await.change(
            grpc.store.put(PutRequest.of(Key.of("k" + i), Bytes.utf8("x".repeat(100_000)))));
      }
      ClientCall<Kv.ListRequest, Kv.ListResponse> list =
          grpc.channel.newCall(KeyValueGrpc.getListMethod(), CallOptions.DEFAULT);
      list.start(new ClientCall.Listener<>() {}, new Metadata());
      list.sendMessage(
          Kv.ListRequest.newBuilder().setRange(Kv.Range.newBuilder().setPrefix("")).build());
      list.halfClose();
      Awaitility.await().untilAsserted(() -> assertThat(OpenStreams.of(grpc.door)).isOne());

      replaceAuthority();

      Awaitility.await().untilAsserted(() -> assertThat(OpenStreams.of(grpc.door)).isZero());
    }
  }

  @Test
  void lock_ofAFormerClient_isFreed() throws Exception {
    try (Grpc grpc = new Grpc()) {
      Heard<Kv.LockResponse> lock = new Heard<>();
      LocksGrpc.newStub(grpc.channel)
          .lock(lock)
          .onNext(
              Kv.LockRequest.newBuilder()
                  .setAcquire(
                      Kv.LockRequest.Acquire.newBuilder()
                          .setKey("lock")
                          .setNewSession(Kv.SessionSpec.getDefaultInstance()))
                  .build());
      Awaitility.await().untilAsserted(() -> assertThat(isHeld(grpc.store)).isTrue());
      lock.awaitBegun();

      now.set(now.get().plus(Duration.ofDays(3650)));

      assertThat(lock.awaitEnd()).isEqualTo(Status.Code.UNAUTHENTICATED);
      Awaitility.await().untilAsserted(() -> assertThat(isHeld(grpc.store)).isFalse());
      Awaitility.await().untilAsserted(() -> assertThat(OpenStreams.of(grpc.door)).isZero());
    }
  }

  private static boolean isHeld(KeyValueStore store) {
    return Await.read(store.get(Key.of("lock"), Freshness.LINEARIZABLE))
        .entry()
        .flatMap(entry -> entry.lock().holder())
        .isPresent();
  }

  @Test
  void renegotiation_isRefused() throws Exception {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThat(ask(socket)).isEqualTo('H');

      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                ask(socket);
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void cipherSuitesOfBlocks_areNotSpoken() throws Exception {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(
          new String[] {
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
          });

      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }
}
