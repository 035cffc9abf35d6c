package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.zookeeper.session.SessionIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that go on at another replica, or are over: two doors over one store. */
class MovedSessionTest {
  /** So long that nothing is renewed by itself while a test runs. */
  private static final Duration TICK = Duration.ofMinutes(1);

  private static final String EXPIRED = "ffffff90";
  private static final String NO_NODE = "ffffff9b";

  /** Which there is only to have somebody whose store it is. */
  private final DoorUnderTest here = DoorUnderTest.open(store -> store, TICK, HttpLimits.DEFAULT);

  private final Held elsewhere = new Held(here.store());
  private final DoorUnderTest there =
      DoorUnderTest.open(own -> elsewhere, TICK, HttpLimits.DEFAULT);

  /** Does a change when the test says so. */
  private static final class Held extends DelegatingStore {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Held(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      if (request.onlyReads()) {
        return inner().transact(request);
      }
      asked.countDown();
      return released.thenCompose(now -> inner().transact(request));
    }
  }

  @AfterEach
  void close() {
    there.close();
    here.close();
  }

  private static ByteBuffer begin(RawClient client) throws IOException {
    return ByteBuffer.wrap(
        client.send(BytesSuite.CONNECT.replace("00002710", "00057e40")).message());
  }

  /** What goes on with a session that was begun so. */
  @SuppressWarnings("ByteBufferBackingArray") // it was allocated here
  private static String again(ByteBuffer session) {
    return "0000002d 00000000 0000000000000000 00057e40"
        + HexFormat.of().formatHex(session.array(), 8, 16)
        + "00000010"
        + HexFormat.of().formatHex(session.array(), 20, 36)
        + "00";
  }

  private boolean isThere(String key) {
    return Await.read(here.store().get(Key.of(key), Freshness.LINEARIZABLE)).entry().isPresent();
  }

  @Test
  void changeThatAFormerConnectionHasSent_isNotDone_andNotAnswered() throws Exception {
    try (RawClient former = new RawClient(there.port());
        RawClient client = new RawClient(here.port())) {
      ByteBuffer session = begin(former);
      former.send(BytesSuite.CREATE_A);
      elsewhere.asked.await(); // it is on its way to the store

      assertThat(ByteBuffer.wrap(client.send(again(session)).message()).getLong(8))
          .isEqualTo(session.getLong(8));
      elsewhere.released.complete(null);

      assertThat(former.untilClosed()).isEmpty();
      assertThat(client.send("0000000f 00000002 00000003 00000002 2f61 00").hex())
          .endsWith(NO_NODE);
      assertThat(isThere("a")).isFalse();
    }
  }

  @Test
  void formerConnection_thatAsksForAChange_isClosed_andTheSessionGoesOn() throws Exception {
    elsewhere.released.complete(null);
    try (RawClient former = new RawClient(there.port());
        RawClient client = new RawClient(here.port())) {
      ByteBuffer session = begin(former);
      client.send(again(session)).message();

      assertThat(former.send(BytesSuite.CREATE_A).untilClosed()).isEmpty();

      assertThat(isThere("a")).isFalse();
      assertThat(client.send(BytesSuite.CREATE_A).hex()).startsWith("00000001").endsWith("2f61");
      assertThat(isThere("a")).isTrue();
    }
  }

  @Test
  void several_ofAFormerConnection_areNotDoneEither() throws Exception {
    elsewhere.released.complete(null);
    try (RawClient former = new RawClient(there.port());
        RawClient client = new RawClient(here.port())) {
      client.send(again(begin(former))).message();

      // check of the root alone
      former.send(
          "00000023 00000001 0000000e 0000000d 00 ffffffff 00000001 2f 00000000"
              + " ffffffff 01 ffffffff");

      assertThat(former.untilClosed()).isEmpty();
    }
  }

  @Test
  void change_inASessionThatIsOver_isRefusedAsSuch_andTheConnectionCloses() throws Exception {
    try (RawClient client = new RawClient(here.port())) {
      ByteBuffer session = begin(client);
      assertThat(Await.change(end(session))).isTrue();

      assertThat(client.send(BytesSuite.CREATE_A).hex()).startsWith("00000001").endsWith(EXPIRED);

      assertThat(client.untilClosed()).isEmpty();
      assertThat(isThere("a")).isFalse();
    }
  }

  @Test
  void formerConnection_doesNotEndTheSession() throws Exception {
    try (RawClient former = new RawClient(there.port());
        RawClient client = new RawClient(here.port())) {
      client.send(again(begin(former))).message();

      assertThat(former.send("00000008 00000001 fffffff5").untilClosed()).isEmpty();

      assertThat(client.send(BytesSuite.CREATE_A).hex()).startsWith("00000001").endsWith("2f61");
    }
  }

  @Test
  void several_inASessionThatIsOver_areRefusedEach() throws Exception {
    try (RawClient client = new RawClient(here.port())) {
      assertThat(Await.change(end(begin(client)))).isTrue();

      client.send(
          "00000023 00000001 0000000e 0000000d 00 ffffffff 00000001 2f 00000000"
              + " ffffffff 01 ffffffff");

      assertThat(client.hex())
          .startsWith("00000001")
          .contains("00000000" + "ffffffff00" + EXPIRED + EXPIRED);
      assertThat(client.untilClosed()).isEmpty();
    }
  }

  private CompletableFuture<Boolean> end(ByteBuffer session) {
    return here.store().sessions().destroy(SessionIds.session(session.getLong(8)));
  }
}
