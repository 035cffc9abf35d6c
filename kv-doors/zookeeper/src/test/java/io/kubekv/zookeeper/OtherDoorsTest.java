package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that other doors change are nodes whose data was set. */
class OtherDoorsTest {
  private static final List<ACL> LIST = Ids.READ_ACL_UNSAFE;

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

  @Test
  void change_namesTheDoor() throws Exception {
    zk.create("/a", new byte[] {1}, LIST, CreateMode.PERSISTENT);
    zk.delete("/a", -1);

    try (Watch watch = door.store().watch(WatchRequest.fromOldest(new Range.Exact(Key.of("a"))))) {
      assertThat(watch.next(Duration.ofSeconds(30)).orElseThrow())
          .isInstanceOfSatisfying(
              WatchEvent.Put.class,
              put -> assertThat(put.author()).isEqualTo(new Author("zookeeper", "")));
      assertThat(watch.next(Duration.ofSeconds(30)).orElseThrow())
          .isInstanceOfSatisfying(
              WatchEvent.Delete.class,
              delete -> assertThat(delete.author()).isEqualTo(new Author("zookeeper", "")));
    }
  }

  /** Etcd v2's set is a put in its tree that replaces. */
  @ParameterizedTest
  @EnumSource(names = {"UPDATE", "REPLACE"})
  void putByAnotherDoor_isASetData(PutMode mode) throws Exception {
    zk.create("/a", new byte[] {1}, LIST, CreateMode.PERSISTENT);
    Stat before = zk.exists("/a", false);
    Layout layout = mode == PutMode.REPLACE ? Layout.TREE : Layout.FLAT;

    var unused =
        Await.change(
            door.store()
                .put(
                    PutRequest.of(Key.of("a"), Bytes.utf8("x")).withMode(mode).withLayout(layout)));
    zk.sync("/", (code, path, context) -> {}, null);

    Stat after = zk.exists("/a", false);
    assertThat(after.getVersion()).isEqualTo(before.getVersion() + 1);
    assertThat(after.getMzxid()).isGreaterThan(before.getMzxid());
    assertThat(after.getAversion()).isEqualTo(before.getAversion());
    assertThat(zk.getACL("/a", new Stat())).isEqualTo(LIST);
    assertThatThrownBy(() -> zk.setData("/a", new byte[] {2}, before.getVersion()))
        .isInstanceOf(KeeperException.NoAuthException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"UPDATE", "REPLACE"})
  void versionThatWasSeenBefore_isNotThatOfTheSetNode(PutMode mode) throws Exception {
    zk.create("/a", new byte[] {1}, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    for (int i = 0; i < 2; i++) {
      int seen = zk.exists("/a", false).getVersion();
      var unused =
          Await.change(
              door.store().put(PutRequest.of(Key.of("a"), Bytes.utf8("x")).withMode(mode)));

      assertThatThrownBy(() -> zk.setData("/a", new byte[] {2}, seen))
          .isInstanceOf(KeeperException.BadVersionException.class);
      zk.sync("/", (code, path, context) -> {}, null);
    }
  }
}
