package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.contract.FreePorts;
import io.kubekv.contract.TestCertificates;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.TlsFiles;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a door has without having asked for it. */
class PlainDoorTest {
  private static final ListenAddress ANYWHERE = new ListenAddress("127.0.0.1", 0);

  private static final String NOT_SHOWN = "not shown";

  /** Requests until one is refused: the rate is that of seconds, and a test may be slow. */
  private static final int ENOUGH = 10_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyValueStore store = EngineStore.inMemory();
  private final List<String> audited = new CopyOnWriteArrayList<>();
  private final Gate gate =
      new Gate(
          "test",
          Limits.DEFAULT,
          new Identities(
              CertificateUsers.bySubject(),
              token -> Optional.of(new User(token, List.of())),
              false),
          (user, verb, path) -> user.name().equals("reader"),
          Duration.ofSeconds(10),
          (user, verb, what, outcome, revision) -> audited.add(user.name() + " " + outcome),
          threads);
  private final DoorsUnderTest rig = new DoorsUnderTest(store, Optional.of(gate));

  @SuppressWarnings("NullAway.Init")
  private RawHttp client;

  @BeforeEach
  void open() throws IOException {
    PutRequest put = PutRequest.of(Key.of("greeting"), Bytes.utf8("hello"));
    assertThat(Await.change(store.put(put))).isInstanceOf(PutOutcome.Stored.class);
    ListenAddress opened = rig.doors().open(new PlainDoor(ANYWHERE));
    client = new RawHttp(new InetSocketAddress(opened.host(), opened.port()));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    rig.close();
    gate.close();
    store.close();
    threads.close();
  }

  private Answer get(String user) throws IOException {
    return client
        .send(
            "GET /greeting HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + user
                + "\r\n\r\n")
        .answer();
  }

  @Test
  void user_getsWhatItMay_andIsCounted() throws IOException {
    assertThat(get("reader").body()).isEqualTo("hello");

    assertThat(rig.metrics().page())
        .contains("kubekv_connections{door=\"plain\"} 1.0")
        .contains("kubekv_request_seconds_count{door=\"plain\"");
  }

  @Test
  void user_getsNothingElse_andThatIsWrittenDown() throws IOException {
    assertThat(get("other").status()).isEqualTo(403);

    assertThat(audited).containsExactly("other " + Audit.Outcome.DENIED);
  }

  @Test
  void client_overItsLimit_isRefused_inTheDoorsWords() throws IOException {
    ClientLimits one = new ClientLimits(1, 1, 0, 512, 1, 1, Duration.ZERO);
    try (DoorsUnderTest limited =
            new DoorsUnderTest(store, Optional.empty(), Optional.empty(), one);
        RawHttp other = connect(limited)) {
      List<Answer> answers = new ArrayList<>();
      do {
        other.send("GET /greeting HTTP/1.1\r\nHost: localhost\r\n\r\n");
        answers.add(other.answer());
      } while (answers.getLast().status() == 200 && answers.size() < ENOUGH);

      assertThat(answers.getFirst().body()).isEqualTo("hello");
      assertThat(answers.getLast().status()).isEqualTo(429);
      assertThat(answers.getLast().body()).contains("at most 1 requests a second");
    }
  }

  private static RawHttp connect(DoorsUnderTest doors) throws IOException {
    ListenAddress opened = doors.doors().open(new PlainDoor(ANYWHERE));
    return new RawHttp(new InetSocketAddress(opened.host(), opened.port()));
  }

  @Test
  void connection_isEncrypted_whereThereIsACertificate(@TempDir Path folder) throws Exception {
    TestCertificates own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    TlsFiles files =
        new TlsFiles(own.certificate(), own.key(), Optional.empty(), false, Optional.empty());
    try (Certificates tls = Certificates.open(files);
        DoorsUnderTest shown =
            new DoorsUnderTest(store, Optional.empty(), Optional.of(tls), ClientLimits.DEFAULT);
        HttpClient trusting =
            HttpClient.newBuilder().sslContext(own.trusting(Optional.empty())).build()) {
      String url = shown.doors().url(new PlainDoor(ANYWHERE));

      assertThat(url).startsWith("https://");
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/greeting")).build();
      assertThat(trusting.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("hello");
    }
  }

  @Test
  void door_thatCannotListen_isClosed() throws IOException {
    AtomicInteger closed = new AtomicInteger();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      PlainDoor door =
          new PlainDoor(
              new ListenAddress("127.0.0.1", taken.getLocalPort()), closed::incrementAndGet);

      assertThatThrownBy(() -> rig.doors().open(door)).isInstanceOf(IOException.class);
    }

    assertThat(closed).hasValue(1);
  }

  @Test
  void door_whoseFiguresCannotBeShown_isClosed_andListensNoMore() throws IOException {
    AtomicInteger closed = new AtomicInteger();
    int port = FreePorts.next();
    try (DoorsUnderTest failing = new DoorsUnderTest(store, Optional.empty())) {
      failing
          .metrics()
          .registry()
          .config()
          .meterFilter(MeterFilter.deny(PlainDoorTest::failingForConnections));
      PlainDoor door = new PlainDoor(new ListenAddress("127.0.0.1", port), closed::incrementAndGet);

      assertThatThrownBy(() -> failing.doors().open(door)).hasMessage(NOT_SHOWN);

      assertThat(closed).hasValue(1);
      assertThatThrownBy(() -> new RawHttp(new InetSocketAddress("127.0.0.1", port)).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  private static boolean failingForConnections(Meter.Id meter) {
    if (meter.getName().equals("kubekv.connections")) {
      throw new IllegalStateException(NOT_SHOWN);
    }
    return false;
  }
}
