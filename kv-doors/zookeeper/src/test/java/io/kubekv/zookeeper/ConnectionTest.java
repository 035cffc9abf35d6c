package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.Sessions;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.transport.http.HttpLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When a connection ends, and what is done for it then. */
class ConnectionTest {
  private static final Duration TICK = Duration.ofMillis(50);

  /** Renews sessions in the way of a test. */
  private static final class Renewing extends DelegatingStore {
    private final Supplier<CompletableFuture<Optional<Session>>> renewal;

    Renewing(KeyValueStore inner, Supplier<CompletableFuture<Optional<Session>>> renewal) {
      super(inner);
      this.renewal = renewal;
    }

    @Override
    public Sessions sessions() {
      return new DelegatingSessions(inner().sessions()) {
        @Override
        public CompletableFuture<Optional<Session>> renew(SessionId id) {
          return renewal.get();
        }
      };
    }
  }

  private static DoorUnderTest door(Supplier<CompletableFuture<Optional<Session>>> renewal) {
    return DoorUnderTest.open(store -> new Renewing(store, renewal), TICK, HttpLimits.DEFAULT);
  }

  /** Sends signs of life until nobody takes them. */
  private static void awaitClosed(RawClient client) {
    await()
        .until(
            () -> {
              try {
                client.send(BytesSuite.PING);
                return false;
              } catch (IOException closed) {
                return true;
              }
            });
  }

  @Test
  void session_thatCannotBeRenewed_endsItsConnection_thoughTheClientIsThere() throws IOException {
    try (DoorUnderTest door =
            door(() -> CompletableFuture.failedFuture(new UnavailableException("no holder")));
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      awaitClosed(client);
    }
  }

  @Test
  void renewal_thatNeverEnds_endsTheConnectionAsWell() throws IOException {
    try (DoorUnderTest door = door(CompletableFuture::new);
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      awaitClosed(client);
    }
  }

  @Test
  void session_thatIsOver_endsItsConnection() throws IOException {
    try (DoorUnderTest door = door(() -> CompletableFuture.completedFuture(Optional.empty()));
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      awaitClosed(client);
    }
  }

  @Test
  void whatGoesWrongInBetween_endsTheConnection() throws IOException {
    try (DoorUnderTest door =
            door(
                () -> {
                  throw new IllegalStateException("of the test");
                });
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      awaitClosed(client);
    }
  }

  @Test
  void quietClient_isClosed_onceItsTimeoutIsOver() throws IOException {
    try (DoorUnderTest door =
            DoorUnderTest.open(UnaryOperator.identity(), TICK, HttpLimits.DEFAULT);
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      assertThat(client.untilClosed()).isEmpty();
    }
  }

  @Test
  void message_thatComesTooSlowly_isCutOff() throws IOException {
    HttpLimits limits =
        HttpLimits.DEFAULT.withTimeouts(
            Duration.ofMillis(200), Duration.ofMinutes(1), Duration.ofMinutes(1));
    try (DoorUnderTest door =
            DoorUnderTest.open(UnaryOperator.identity(), Duration.ofSeconds(3), limits);
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      assertThat(client.send("00000032 00000001").untilClosed()).isEmpty();
    }
  }

  @Test
  void firstMessage_thatIsLongerThanAnyIs_closes() throws IOException {
    try (DoorUnderTest door = DoorUnderTest.open();
        RawClient client = new RawClient(door.port())) {
      assertThat(client.send("00000081").untilClosed()).isEmpty();
    }
  }

  /** Its first transaction that only reads is answered when the test says so. */
  private static final class Late extends DelegatingStore {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    Late(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      if (!request.onlyReads()) {
        return inner().transact(request);
      }
      asked.countDown();
      return answered.thenCompose(now -> inner().transact(request));
    }
  }

  @Test
  void write_ofAFormerConnection_isNotDoneAnyMore() throws Exception {
    Late[] late = new Late[1];
    try (DoorUnderTest door =
            DoorUnderTest.open(
                store -> late[0] = new Late(store), Duration.ofSeconds(3), HttpLimits.DEFAULT);
        RawClient former = new RawClient(door.port());
        RawClient client = new RawClient(door.port())) {
      ByteBuffer held = ByteBuffer.wrap(former.send(BytesSuite.CONNECT).message());
      former.send(BytesSuite.CREATE_A);
      late[0].asked.await();
      String own =
          HexFormat.of().formatHex(held.array(), 8, 16)
              + "00000010"
              + HexFormat.of().formatHex(held.array(), 20, 36);
      client.send("0000002d 00000000 0000000000000000 00002710" + own + "00").message();
      assertThat(former.untilClosed()).isEmpty();

      late[0].answered.complete(null);

      // a read that is done after whatever the former connection asked for
      client.send("0000000f 00000002 00000003 00000002 2f61 00");
      assertThat(client.hex()).startsWith("00000002").endsWith("ffffff9b");
      assertThat(Await.read(door.store().get(Key.of("a"), Freshness.LINEARIZABLE)).entry())
          .isEmpty();
    }
  }

  @Test
  void requests_waitWhileASessionIsRenewed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Optional<Session>> renewal = new CompletableFuture<>();
    try (DoorUnderTest door =
            DoorUnderTest.open(
                store ->
                    new Renewing(
                        store,
                        () -> {
                          asked.countDown();
                          return renewal;
                        }),
                TICK,
                HttpLimits.DEFAULT);
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();
      await()
          .until(
              () -> {
                client.send(BytesSuite.PING);
                return asked.getCount() == 0;
              });
      client.send(BytesSuite.CREATE_A);
      assertThat(Await.read(door.store().get(Key.of("a"), Freshness.LINEARIZABLE)).entry())
          .isEmpty();

      renewal.complete(Optional.empty());

      awaitClosed(client);
      assertThat(Await.read(door.store().get(Key.of("a"), Freshness.LINEARIZABLE)).entry())
          .isEmpty();
    }
  }
}
