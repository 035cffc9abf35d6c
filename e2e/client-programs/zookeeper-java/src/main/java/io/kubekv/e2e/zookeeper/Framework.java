package io.kubekv.e2e.zookeeper;

import static io.kubekv.e2e.zookeeper.Checks.bytes;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.data.Stat;

/** Curator's framework. */
final class Framework {
  private static final String ROOT = CuratorProgram.ROOT + "/framework";

  private final CuratorFramework client;
  private final Checks checks;

  Framework(CuratorFramework client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() throws Exception {
    checks.check(
        "create with parents that are containers",
        () -> client.create().creatingParentContainersIfNeeded().forPath(ROOT + "/a/b", bytes("x")),
        ROOT + "/a/b");
    checks.check("create again", () -> client.create().forPath(ROOT + "/a/b"), "NODEEXISTS");
    checks.check(
        "create or set",
        () -> client.create().orSetData().forPath(ROOT + "/a/b", bytes("y")),
        ROOT + "/a/b");
    checks.check("get", () -> client.getData().forPath(ROOT + "/a/b"), "y");
    Stat stat = new Stat();
    client.getData().storingStatIn(stat).forPath(ROOT + "/a/b");
    checks.check("its version", stat.getVersion(), 1);
    checks.check(
        "set of an old version",
        () -> client.setData().withVersion(0).forPath(ROOT + "/a/b", bytes("z")),
        "BADVERSION");
    checks.check("children", () -> client.getChildren().forPath(ROOT), "[a]");
    checks.check(
        "a quiet delete of none",
        () -> client.delete().quietly().forPath(ROOT + "/none"),
        "nothing");
    protection();
    transaction();
    compressed();
    watched();
    checks.check(
        "delete with children",
        () -> client.delete().guaranteed().deletingChildrenIfNeeded().forPath(ROOT + "/a"),
        "nothing");
    checks.check("it is gone", () -> client.checkExists().forPath(ROOT + "/a"), "nothing");
  }

  private void protection() throws Exception {
    String made =
        client
            .create()
            .withProtection()
            .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
            .forPath(ROOT + "/p-");
    checks.check("protected", made.matches(ROOT + "/_c_[0-9a-f-]{36}-p-0000000001"), true);
    client.delete().forPath(made);
  }

  private void transaction() throws Exception {
    List<CuratorTransactionResult> results =
        client
            .transaction()
            .forOperations(
                client.transactionOp().create().forPath(ROOT + "/t", bytes("1")),
                client.transactionOp().setData().withVersion(0).forPath(ROOT + "/t", bytes("2")),
                client.transactionOp().check().withVersion(1).forPath(ROOT + "/t"));
    checks.check(
        "a transaction",
        results.stream().map(each -> each.getType() + " " + each.getError()).toList(),
        List.of("CREATE 0", "SET_DATA 0", "CHECK 0"));
    checks.check(
        "one that fails",
        () ->
            client
                .transaction()
                .forOperations(
                    client.transactionOp().delete().forPath(ROOT + "/t"),
                    client.transactionOp().delete().forPath(ROOT + "/none")),
        "NONODE [error 0, error -101]");
    client.delete().forPath(ROOT + "/t");
  }

  private void compressed() throws Exception {
    client.create().compressed().forPath(ROOT + "/z", bytes("zipped"));
    checks.check("compressed", () -> client.getData().decompressed().forPath(ROOT + "/z"), "zipped");
    client.delete().forPath(ROOT + "/z");
  }

  private void watched() throws Exception {
    BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    client
        .getData()
        .usingWatcher((org.apache.curator.framework.api.CuratorWatcher) events::add)
        .forPath(ROOT + "/a/b");
    client.setData().inBackground().forPath(ROOT + "/a/b", bytes("w"));
    checks.check("a watcher", Checks.next(events), "NodeDataChanged " + ROOT + "/a/b");
  }
}
