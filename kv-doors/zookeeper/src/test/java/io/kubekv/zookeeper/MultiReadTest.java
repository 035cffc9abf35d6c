package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.zookeeper.read.MultiRead;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several reads in one request, and how many. */
class MultiReadTest {
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
  void parts_areRead_eachByItself() throws Exception {
    zk.create("/a", new byte[] {1}, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    zk.create("/a/b", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

    List<OpResult> read =
        zk.multi(
            List.of(Op.getData("/a"), Op.getChildren("/a"), Op.getData("/none"), Op.getData("/a")));

    assertThat(((OpResult.GetDataResult) read.get(0)).getData()).containsExactly(1);
    assertThat(((OpResult.GetChildrenResult) read.get(1)).getChildren()).containsExactly("b");
    assertThat(((OpResult.ErrorResult) read.get(2)).getErr())
        .isEqualTo(KeeperException.Code.NONODE.intValue());
    assertThat(((OpResult.GetDataResult) read.get(3)).getData()).containsExactly(1);
  }

  @Test
  void partsThatAreTooMany_areRefused() throws Exception {
    assertThat(zk.multi(Collections.nCopies(MultiRead.MOST_PARTS, Op.getData("/"))))
        .hasSize(MultiRead.MOST_PARTS);
    assertThatThrownBy(
            () -> zk.multi(Collections.nCopies(MultiRead.MOST_PARTS + 1, Op.getData("/"))))
        .isInstanceOf(KeeperException.BadArgumentsException.class);
  }

  @Test
  void dataThatIsTooMuch_isRefused_howeverOftenItIsAskedFor() throws Exception {
    zk.create("/a", new byte[512 << 10], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

    assertThatThrownBy(() -> zk.multi(Collections.nCopies(9, Op.getData("/a"))))
        .isInstanceOf(KeeperException.BadArgumentsException.class);
  }
}
