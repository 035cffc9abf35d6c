package io.kubekv.e2e.zookeeper;

import static io.kubekv.e2e.zookeeper.Checks.bytes;
import static io.kubekv.e2e.zookeeper.Checks.next;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;

/** Watches, by one client and of changes of another. */
final class Watches {
  private static final String ROOT = ZooKeeperProgram.ROOT + "/watches";

  private final ZooKeeper zk;
  private final Clients clients;
  private final Checks checks;

  Watches(ZooKeeper zk, Clients clients, Checks checks) {
    this.zk = zk;
    this.clients = clients;
    this.checks = checks;
  }

  void run() throws Exception {
    create(zk, "");
    try (ZooKeeper other = clients.session()) {
      once(other);
      before();
      lasting(other);
      recursive(other);
      removed(other);
    }
  }

  private static void create(ZooKeeper client, String name)
      throws KeeperException, InterruptedException {
    client.create(ROOT + name, bytes("x"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  private void once(ZooKeeper other) throws Exception {
    BlockingQueue<WatchedEvent> node = new LinkedBlockingQueue<>();
    BlockingQueue<WatchedEvent> below = new LinkedBlockingQueue<>();
    zk.exists(ROOT + "/a", node::add);
    zk.getChildren(ROOT, below::add);
    create(other, "/a");
    checks.check("told of a creation", next(node), "NodeCreated " + ROOT + "/a");
    checks.check("told of a child", next(below), "NodeChildrenChanged " + ROOT);
    zk.getData(ROOT + "/a", node::add, null);
    other.setData(ROOT + "/a", bytes("y"), -1);
    other.setData(ROOT + "/a", bytes("z"), -1);
    checks.check("told of data", next(node), "NodeDataChanged " + ROOT + "/a");
    zk.getData(ROOT + "/a", node::add, null);
    zk.getChildren(ROOT + "/a", below::add);
    other.delete(ROOT + "/a", -1);
    checks.check("told of a deletion, and once of two changes", next(node), "NodeDeleted " + ROOT + "/a");
    checks.check("the watch of children, too", next(below), "NodeDeleted " + ROOT + "/a");
  }

  /** An event comes before the answer that shows the change. */
  private void before() throws Exception {
    BlockingQueue<String> order = new LinkedBlockingQueue<>();
    zk.exists(ROOT + "/b", event -> order.add("event"));
    zk.create(
        ROOT + "/b",
        null,
        OPEN_ACL_UNSAFE,
        CreateMode.PERSISTENT,
        (code, path, context, name) -> order.add("answer"),
        null);
    checks.check("first the event", order.take(), "event");
    checks.check("then the answer", order.take(), "answer");
  }

  private void lasting(ZooKeeper other) throws Exception {
    BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    Watcher watcher = events::add;
    zk.addWatch(ROOT + "/b", watcher, AddWatchMode.PERSISTENT);
    other.setData(ROOT + "/b", bytes("1"), -1);
    checks.check("lasting: data", next(events), "NodeDataChanged " + ROOT + "/b");
    other.setData(ROOT + "/b", bytes("2"), -1);
    checks.check("lasting: data again", next(events), "NodeDataChanged " + ROOT + "/b");
    create(other, "/b/c");
    checks.check("lasting: a child", next(events), "NodeChildrenChanged " + ROOT + "/b");
    other.delete(ROOT + "/b/c", -1);
    checks.check("lasting: no child", next(events), "NodeChildrenChanged " + ROOT + "/b");
    zk.removeWatches(ROOT + "/b", watcher, WatcherType.Any, false);
    checks.check("lasting: its end", next(events), "PersistentWatchRemoved " + ROOT + "/b");
  }

  private void recursive(ZooKeeper other) throws Exception {
    BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    zk.addWatch(ROOT, events::add, AddWatchMode.PERSISTENT_RECURSIVE);
    create(other, "/b/c");
    checks.check("recursive: created", next(events), "NodeCreated " + ROOT + "/b/c");
    create(other, "/b/c/d");
    checks.check("recursive: below", next(events), "NodeCreated " + ROOT + "/b/c/d");
    other.setData(ROOT + "/b/c/d", bytes("1"), -1);
    checks.check("recursive: data", next(events), "NodeDataChanged " + ROOT + "/b/c/d");
    other.delete(ROOT + "/b/c/d", -1);
    checks.check("recursive: deleted", next(events), "NodeDeleted " + ROOT + "/b/c/d");
    other.setData(ROOT, bytes("1"), -1);
    checks.check("recursive: itself", next(events), "NodeDataChanged " + ROOT);
    zk.removeAllWatches(ROOT, WatcherType.Any, false);
  }

  private void removed(ZooKeeper other) throws Exception {
    BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    Watcher watcher = events::add;
    zk.getData(ROOT + "/b", watcher, null);
    zk.removeWatches(ROOT + "/b", watcher, WatcherType.Data, false);
    checks.check("told of the removal", next(events), "DataWatchRemoved " + ROOT + "/b");
    checks.check(
        "removal of what is not there",
        () -> {
          zk.removeWatches(ROOT + "/b", watcher, WatcherType.Any, false);
          return "removed";
        },
        "NOWATCHER");
    zk.exists(ROOT + "/later", watcher);
    other.setData(ROOT + "/b", bytes("quiet"), -1);
    create(other, "/later");
    checks.check("nothing of what was removed", next(events), "NodeCreated " + ROOT + "/later");
  }
}
