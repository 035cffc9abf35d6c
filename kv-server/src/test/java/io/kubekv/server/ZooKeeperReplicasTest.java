package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ZooKeeper's sessions at two replicas, of which one follows the other. */
class ZooKeeperReplicasTest {
  private static final Duration LEASE = Duration.ofSeconds(6);

  /** So long that nothing is renewed by itself while a test runs. */
  private static final ZooKeeperDoor.Settings SETTINGS =
      new ZooKeeperDoor.Settings(Duration.ofMinutes(1), Set.of());

  private static final int PATIENCE = 20_000;
  private static final String CREATE_A =
      "00000032000000010000000100000002"
          + "2f61"
          + "0000000178"
          + "000000010000001f00000005776f726c6400000006616e796f6e6500000000";
  private static final String NO_NODE = "ffffff9b";

  private EmbeddedApiServer api;
  private ReplicaUnderTest holder;
  private ReplicaUnderTest follower;
  private Held atFollower;
  private DoorsUnderTest holderRig;
  private DoorsUnderTest followerRig;
  private OpenDoor first;
  private OpenDoor second;

  /** Sends a change on when the test says so. */
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

  /** A client that writes bytes and reads messages. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    Client(OpenDoor door) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
      socket.setSoTimeout(PATIENCE);
      in = new DataInputStream(socket.getInputStream());
    }

    Client send(String hex) throws IOException {
      socket.getOutputStream().write(HexFormat.of().parseHex(hex));
      return this;
    }

    String hex() throws IOException {
      return HexFormat.of().formatHex(in.readNBytes(in.readInt()));
    }

    /** Begins a session; what goes on with it elsewhere. */
    String begin() throws IOException {
      String answer = connect("0000000000000000" + "00000010" + "00".repeat(16));
      return answer.substring(16, 32) + answer.substring(32, 72);
    }

    /** Goes on with a session. */
    String connect(String session) throws IOException {
      return send("0000002d" + "00".repeat(12) + "00057e40" + session + "00").hex();
    }

    byte[] untilClosed() throws IOException {
      return in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    holder = new ReplicaUnderTest(api, "holder", LEASE, StoreSpec.DEFAULT);
    await().atMost(Duration.ofSeconds(60)).until(() -> holder.own().status().ready());
    follower = new ReplicaUnderTest(api, "follower", LEASE, StoreSpec.DEFAULT);
    assertThat(follower.own().status().ready()).isFalse();
    atFollower = new Held(follower.store());
    holderRig = new DoorsUnderTest(holder.store(), Optional.empty());
    followerRig = new DoorsUnderTest(atFollower, Optional.empty());
    ZooKeeperDoor door = new ZooKeeperDoor(new ListenAddress("127.0.0.1", 0), SETTINGS);
    first = door.open(holderRig.context());
    second = door.open(followerRig.context());
  }

  @AfterEach
  void close() throws IOException {
    second.close();
    first.close();
    followerRig.close();
    holderRig.close();
    follower.close();
    holder.close();
    api.close();
  }

  private boolean isThere(String key) {
    return Await.read(holder.store().get(Key.of(key), Freshness.LINEARIZABLE)).entry().isPresent();
  }

  @Test
  void sessionAtAFollower_seesWhatItHasWritten_andIsToldBeforeItsAnswer() throws Exception {
    atFollower.released.complete(null);
    try (Client client = new Client(second)) {
      client.begin();
      assertThat(client.send("0000000f0000000100000003000000022f6101").hex()).endsWith(NO_NODE);

      client.send(CREATE_A);

      assertThat(client.hex()).isEqualTo("f".repeat(24) + "000000000000000100000003000000022f61");
      assertThat(client.hex()).startsWith("00000001").endsWith("000000022f61");
      assertThat(client.send("0000000f0000000200000004000000022f6100").hex())
          .startsWith("00000002")
          .contains("0000000178");
    }
  }

  @Test
  void changeAtTheHolder_isSeenAtAFollower_afterSync() throws Exception {
    try (Client there = new Client(first);
        Client here = new Client(second)) {
      there.begin();
      here.begin();
      there.send(CREATE_A).hex();

      assertThat(here.send("0000000e0000000200000009000000022f61").hex()).contains("000000022f61");
      assertThat(here.send("0000000f0000000300000003000000022f6100").hex())
          .startsWith("00000003")
          .doesNotEndWith(NO_NODE);
    }
  }

  @Test
  void changeOnItsWayFromAFollower_isNotDone_onceTheSessionIsAtTheHolder() throws Exception {
    try (Client former = new Client(second);
        Client client = new Client(first)) {
      String session = former.begin();
      former.send(CREATE_A);
      atFollower.asked.await();

      assertThat(client.connect(session)).contains(session.substring(0, 16));
      atFollower.released.complete(null);

      assertThat(former.untilClosed()).isEmpty();
      assertThat(isThere("a")).isFalse();
      assertThat(client.send(CREATE_A).hex()).startsWith("00000001").endsWith("000000022f61");
      assertThat(isThere("a")).isTrue();
    }
  }

  @Test
  void sessionThatWentOnAtAFollower_isClosedAtTheHolder_whenItAsksForAChange() throws Exception {
    atFollower.released.complete(null);
    try (Client former = new Client(first);
        Client client = new Client(second)) {
      String session = former.begin();
      assertThat(client.connect(session)).contains(session.substring(0, 16));

      assertThat(former.send(CREATE_A).untilClosed()).isEmpty();

      assertThat(isThere("a")).isFalse();
      assertThat(client.send(CREATE_A).hex()).startsWith("00000001").endsWith("000000022f61");
    }
  }
}
