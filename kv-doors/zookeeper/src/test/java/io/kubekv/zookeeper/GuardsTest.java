package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.zookeeper.connection.Caller;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lists that say who may, and what gets around them. */
class GuardsTest {
  private final DoorUnderTest door = DoorUnderTest.open();
  private final Notes notes = new Notes(door);

  @SuppressWarnings("NullAway.Init")
  private ZooKeeper owner;

  @SuppressWarnings("NullAway.Init")
  private ZooKeeper other;

  @BeforeEach
  void connect() throws Exception {
    owner = notes.session();
    other = notes.session();
    owner.addAuthInfo("digest", "owner:secret".getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() throws Exception {
    notes.close();
    door.close();
  }

  @Test
  void sequentialNode_isNotTheOneThatIsCalledAsItsBeginning() throws Exception {
    owner.create("/n", new byte[] {1}, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);

    assertThatThrownBy(
            () ->
                other.multi(
                    List.of(
                        Op.create(
                            "/n",
                            new byte[0],
                            Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT_SEQUENTIAL),
                        Op.setData("/n", new byte[] {2}, -1))))
        .isInstanceOf(KeeperException.NoAuthException.class);

    assertThat(owner.getData("/n", false, null)).containsExactly(1);
  }

  @Test
  void listOfAnImpliedNode_isSet_withoutAnEventAndWithoutChangingItsData() throws Exception {
    var unused = Await.change(door.store().put(PutRequest.of(Key.of("i/j"), Bytes.utf8("x"))));
    owner.sync("/", (code, path, context) -> {}, null);
    List<WatchedEvent> events = new CopyOnWriteArrayList<>();
    Stat before = owner.exists("/i", events::add);

    Stat set = owner.setACL("/i", Ids.CREATOR_ALL_ACL, 0);

    assertThat(set.getAversion()).isEqualTo(1);
    assertThat(set.getVersion()).isEqualTo(before.getVersion()).isZero();
    assertThat(owner.getData("/i", false, null)).isEmpty();
    assertThatThrownBy(() -> other.getData("/i", false, null))
        .isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> owner.setACL("/i", Ids.OPEN_ACL_UNSAFE, 0))
        .isInstanceOf(KeeperException.BadVersionException.class);
    assertThatThrownBy(() -> owner.setACL("/none", Ids.OPEN_ACL_UNSAFE, 0))
        .isInstanceOf(KeeperException.NoNodeException.class);
    assertThat(events).isEmpty();
    owner.setData("/i", new byte[] {1}, 0);
    await().untilAsserted(() -> assertThat(events).hasSize(1));
  }

  @Test
  void list_thatCannotBeRead_letsNobodyIn() throws Exception {
    var unused =
        Await.change(
            door.store()
                .put(
                    PutRequest.of(Key.of("u"), Bytes.utf8("x"))
                        .withMetadata(Bytes.utf8("another program's"))));

    assertThatThrownBy(() -> other.getData("/u", false, null))
        .isInstanceOf(KeeperException.NoAuthException.class);
    assertThatThrownBy(() -> other.setACL("/u", Ids.OPEN_ACL_UNSAFE, -1))
        .isInstanceOf(KeeperException.NoAuthException.class);
  }

  @Test
  void event_ofANodeThatMayNotBeRead_isNotTold() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    other.addWatch("/", event -> seen.add(event.getPath()), AddWatchMode.PERSISTENT_RECURSIVE);

    owner.create("/secret", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
    owner.setData("/secret", new byte[] {1}, -1);
    owner.create("/open", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

    await().untilAsserted(() -> assertThat(seen).containsExactly("/open"));
  }

  @Test
  void identities_areBounded() throws Exception {
    List<ACL> many = new ArrayList<>();
    for (int permissions = 0; permissions < 4_000; permissions++) {
      many.add(new ACL(permissions, new Id("auth", "")));
    }
    assertThatThrownBy(() -> owner.create("/m", null, many, CreateMode.PERSISTENT))
        .isInstanceOf(KeeperException.BadArgumentsException.class);
    for (int id = 0; id < Caller.MOST_IDS; id++) {
      other.addAuthInfo("digest", ("user" + id + ":x").getBytes(StandardCharsets.UTF_8));
    }

    await().until(() -> other.getState() == ZooKeeper.States.AUTH_FAILED);
  }

  @Test
  void node_thatAnEarlierStepMakes_isGuardedByItsOwnList() throws Exception {
    assertThat(
            owner.multi(
                List.of(
                    Op.create("/m", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT),
                    Op.setData("/m", new byte[] {2}, -1))))
        .hasSize(2);
    assertThatThrownBy(() -> other.getData("/m", false, null))
        .isInstanceOf(KeeperException.NoAuthException.class);
  }
}
