package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that end when nothing is below them. */
class SweeperTest {
  private final DoorUnderTest door = DoorUnderTest.open();
  private final Notes notes = new Notes(door);
  private final AtomicLong now = new AtomicLong(System.currentTimeMillis());
  private final Sweeper sweeper = new Sweeper(door.store(), now::get);

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

  private void make(String path, CreateMode mode) throws Exception {
    zk.create(path, null, Ids.OPEN_ACL_UNSAFE, mode);
  }

  @Test
  void container_ends_onceItsLastChildIsGone() throws Exception {
    make("/c", CreateMode.CONTAINER);
    sweeper.sweep();
    assertThat(zk.exists("/c", false)).isNotNull();
    make("/c/x", CreateMode.PERSISTENT);
    sweeper.sweep();
    assertThat(zk.exists("/c", false)).isNotNull();

    zk.delete("/c/x", -1);
    sweeper.sweep();

    assertThat(zk.exists("/c", false)).isNull();
  }

  @Test
  void nodeWithAnEnd_ends_whenItWasNotChangedForSoLong_andNothingIsBelow() throws Exception {
    zk.create("/t", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 60_000);
    make("/t/x", CreateMode.PERSISTENT);
    now.addAndGet(120_000);
    sweeper.sweep();
    assertThat(zk.exists("/t", false)).isNotNull();
    zk.delete("/t/x", -1);
    now.addAndGet(-90_000);
    sweeper.sweep();
    assertThat(zk.exists("/t", false)).isNotNull();

    now.addAndGet(90_000);
    sweeper.sweep();

    assertThat(zk.exists("/t", false)).isNull();
  }

  @Test
  void node_thatCannotBeDeletedNow_keepsNoOther() throws Exception {
    make("/a", CreateMode.CONTAINER);
    make("/a/x", CreateMode.PERSISTENT);
    zk.delete("/a/x", -1);
    make("/b", CreateMode.CONTAINER);
    make("/b/x", CreateMode.PERSISTENT);
    zk.delete("/b/x", -1);
    KeyValueStore store =
        new DelegatingStore(door.store()) {
          @Override
          public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
            return request.key().equals(Key.of("a"))
                ? CompletableFuture.failedFuture(new UnavailableException("of the test"))
                : inner().delete(request);
          }
        };

    new Sweeper(store, now::get).sweep();

    assertThat(zk.exists("/a", false)).isNotNull();
    assertThat(zk.exists("/b", false)).isNull();
  }

  @Test
  void sweep_isNotBegun_whileOneIsUnderWay() {
    AtomicInteger listed = new AtomicInteger();
    Sweeper[] own = new Sweeper[1];
    KeyValueStore store =
        new DelegatingStore(door.store()) {
          @Override
          public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
            if (listed.incrementAndGet() < 10) {
              own[0].sweep();
            }
            return inner().list(request, freshness);
          }
        };
    own[0] = new Sweeper(store, now::get);

    own[0].sweep();
    assertThat(listed).hasValue(1);

    own[0].sweep();
    assertThat(listed).hasValue(2);
  }

  @Test
  void otherNodes_stay() throws Exception {
    make("/p", CreateMode.PERSISTENT);
    now.addAndGet(1_000_000_000L);

    sweeper.sweep();

    assertThat(zk.exists("/p", false)).isNotNull();
  }
}
