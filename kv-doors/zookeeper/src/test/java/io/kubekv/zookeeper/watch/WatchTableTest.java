package io.kubekv.zookeeper.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.watch.WatchTable.Mode;
import io.kubekv.zookeeper.wire.EventType;
import java.util.HashSet;
import java.util.List;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;

/** Who waits for what. */
class WatchTableTest {
  private static final List<ACL> OPEN = List.of(Acls.OPEN);
  private static final Id OWNER = new Id("digest", "owner:x");

  private final WatchTable table = new WatchTable();

  private void trigger(String path, EventType type, long revision, List<ACL> acl) {
    table.trigger(path, type, revision, acl, new HashSet<>());
  }

  @Test
  void recursiveWatch_isToldOfWhatIsBelow_andOthersAreNot() {
    Told recursive = new Told(9);
    Told itself = new Told(9);
    table.add("/a", recursive, Mode.RECURSIVE, 1);
    table.add("/a", itself, Mode.PERSISTENT, 1);

    trigger("/a/b/c", EventType.CREATED, 2, OPEN);
    trigger("/a/b", EventType.CHILDREN_CHANGED, 2, OPEN);
    trigger("/ab", EventType.CREATED, 2, OPEN);
    trigger("/a", EventType.DATA_CHANGED, 3, OPEN);
    table.remove("/a", recursive);
    trigger("/a/d", EventType.CREATED, 4, OPEN);

    assertThat(recursive.events()).containsExactly("CREATED /a/b/c", "DATA_CHANGED /a");
    assertThat(itself.events()).containsExactly("DATA_CHANGED /a");
    assertThat(table.concerns("/a/d")).isFalse();
    assertThat(table.concerns("/a")).isTrue();
  }

  @Test
  void whatANodesListKeepsToOthers_isNotTold_andTheWatchIsOver() {
    Told owner = new Told(9, OWNER);
    Told other = new Told(9);
    List<ACL> own = List.of(new ACL(Acls.READ, OWNER));
    table.add("/a", owner, Mode.ONCE, 1);
    table.add("/a", other, Mode.ONCE, 1);
    table.add("/", other, Mode.RECURSIVE, 1);

    trigger("/a", EventType.DATA_CHANGED, 2, own);
    trigger("/a", EventType.DATA_CHANGED, 3, OPEN);

    assertThat(owner.events()).containsExactly("DATA_CHANGED /a");
    assertThat(other.events()).containsExactly("DATA_CHANGED /a");
    assertThat(table.has("/a")).isFalse();
  }

  @Test
  void eachPath_countsOnce_untilItIsWaitedForNoMore() {
    Told watcher = new Told(2);
    table.add("/a", watcher, Mode.ONCE, 1);
    table.add("/a", watcher, Mode.PERSISTENT, 1);
    table.add("/b", watcher, Mode.ONCE, 1);
    assertThatThrownBy(() -> table.add("/c", watcher, Mode.ONCE, 1))
        .isInstanceOf(OverLimitException.class);
    assertThat(table.has("/c")).isFalse();
    assertThat(watcher.waiting()).isEqualTo(2);

    trigger("/b", EventType.CREATED, 2, OPEN);
    assertThat(watcher.waiting()).isEqualTo(1);

    table.removeAll(watcher);
    assertThat(watcher.waiting()).isZero();
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void recursiveWatch_thatIsTooMuch_leavesNothing() {
    Told watcher = new Told(1);

    assertThatThrownBy(() -> table.add("/a", watcher, Mode.RECURSIVE, 1))
        .isInstanceOf(OverLimitException.class);

    assertThat(watcher.waiting()).isZero();
    assertThat(table.isEmpty()).isTrue();
    assertThat(table.hasAny(watcher)).isFalse();
  }
}
