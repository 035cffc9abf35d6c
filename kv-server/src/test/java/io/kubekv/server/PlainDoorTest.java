package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a door has without having asked for it. */
class PlainDoorTest {
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
    ListenAddress opened = rig.doors().open(new PlainDoor(new ListenAddress("127.0.0.1", 0)));
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
}
