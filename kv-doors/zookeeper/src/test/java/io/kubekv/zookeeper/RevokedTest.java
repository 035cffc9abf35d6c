package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Limits;
import io.kubekv.UnavailableException;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rights and tokens that are taken away, by a clock of the test's. */
class RevokedTest {
  /** addauth of the token t. */
  private static final String AUTH =
      "0000001b fffffffc 00000064 00000000 00000006 626561726572 00000001 74";

  /** exists of /a, and wait for it. */
  private static final String EXISTS_A = "0000000f 00000001 00000003 00000002 2f61 01";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong now = new AtomicLong();
  private volatile boolean valid = true;
  private volatile boolean known = true;
  private volatile boolean granted = true;
  private final Gate gate =
      new Gate(
          "test",
          Limits.DEFAULT,
          new Identities(CertificateUsers.bySubject(), this::user, false),
          (user, verb, path) -> granted,
          Duration.ofSeconds(10),
          (user, verb, what, outcome, revision) -> {},
          now::get,
          threads);
  private final DoorUnderTest door = DoorUnderTest.open(Optional.of(gate));

  private Optional<User> user(String token) {
    if (!known) {
      throw new UnavailableException("of the test");
    }
    return valid ? Optional.of(new User(token, List.of())) : Optional.empty();
  }

  @AfterEach
  void close() {
    door.close();
    gate.close();
    threads.close();
  }

  private RawClient client() throws IOException {
    RawClient client = new RawClient(door.port());
    client.send(BytesSuite.CONNECT).message();
    assertThat(client.send(AUTH).hex()).startsWith("fffffffc").endsWith("00000000");
    assertThat(client.send(EXISTS_A).hex()).startsWith("00000001").endsWith("ffffff9b");
    return client;
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void right_thatIsTakenAway_endsWhatWaitsByIt() throws IOException {
    try (RawClient client = client()) {
      assertThat(gate.held()).isEqualTo(1);
      granted = false;
      pass(Duration.ofSeconds(11));

      gate.look();

      assertThat(client.untilClosed()).isEmpty();
      await().until(() -> gate.held() == 0);
    }
  }

  @Test
  void token_thatIsGoodNoMore_endsItsConnection() throws IOException {
    try (RawClient client = client()) {
      valid = false;
      pass(Duration.ofSeconds(20));

      assertThat(client.send(BytesSuite.PING).untilClosed()).isEmpty();
    }
  }

  @Test
  void token_ofWhichNobodyCanTell_isNoReasonToRefuseTheClientForGood() throws IOException {
    known = false;
    try (RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      assertThat(client.send(AUTH).untilClosed()).isEmpty();
    }
  }
}
