package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that other doors have made, as nodes. */
class ImpliedTest {
  private final DoorUnderTest door = DoorUnderTest.open();
  private final Notes notes = new Notes(door);

  @SuppressWarnings("NullAway.Init")
  private ZooKeeper zk;

  @BeforeEach
  void connect() throws Exception {
    zk = notes.session();
  }

  @AfterEach
  void close() throws Exception {
    notes.close();
    door.close();
  }

  private void put(String key) {
    var unused = Await.change(door.store().put(PutRequest.of(Key.of(key), Bytes.utf8("x"))));
  }

  @Test
  void parents_areShown_andBecomeRealWhenTheyAreSet() throws Exception {
    put("a/b/c");
    zk.sync("/", (code, path, context) -> {}, null);

    assertThat(zk.getChildren("/", false)).contains("a");
    assertThat(zk.getChildren("/a", false)).containsExactly("b");
    assertThat(zk.getData("/a/b", false, null)).isEmpty();
    assertThat(zk.exists("/a/b", false).getNumChildren()).isEqualTo(1);
    Stat set = zk.setData("/a/b", new byte[] {1}, 0);
    assertThat(set.getDataLength()).isEqualTo(1);
    assertThat(zk.create("/a/d", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
        .isEqualTo("/a/d");
    assertThatThrownBy(() -> zk.create("/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
        .isInstanceOf(KeeperException.NodeExistsException.class);
    assertThat(zk.getAllChildrenNumber("/a")).isEqualTo(3);
  }

  @Test
  void keys_thatAreNoPaths_areNotShown() throws Exception {
    put("x//y");
    put("x/../z");
    put("x/ok");
    zk.sync("/", (code, path, context) -> {}, null);

    assertThat(zk.getChildren("/x", false)).containsExactly("ok");
  }

  @Test
  void watches_seeImpliedNodesComeAndGo() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    zk.addWatch(
        "/",
        event -> seen.add(event.getType() + " " + event.getPath()),
        AddWatchMode.PERSISTENT_RECURSIVE);

    put("i/j");
    await()
        .untilAsserted(
            () -> assertThat(seen).containsExactly("NodeCreated /i/j", "NodeCreated /i"));
    var unused = Await.change(door.store().delete(DeleteRequest.of(Key.of("i/j"))));

    await()
        .untilAsserted(
            () ->
                assertThat(seen)
                    .containsExactly(
                        "NodeCreated /i/j",
                        "NodeCreated /i",
                        "NodeDeleted /i/j",
                        "NodeDeleted /i"));
  }

  @Test
  void ephemeral_isAttachedToTheSession_whichEndsInOneChange() throws Exception {
    ZooKeeper other = notes.session();
    other.create("/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    other.create("/f", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    long before = Await.read(door.store().revision(Freshness.LINEARIZABLE)).value();

    other.close();

    assertThat(Await.read(door.store().get(Key.of("e"), Freshness.LINEARIZABLE)).entry()).isEmpty();
    assertThat(Await.read(door.store().get(Key.of("f"), Freshness.LINEARIZABLE)).entry()).isEmpty();
    assertThat(Await.read(door.store().revision(Freshness.LINEARIZABLE)).value())
        .isEqualTo(before + 1);
  }
}
