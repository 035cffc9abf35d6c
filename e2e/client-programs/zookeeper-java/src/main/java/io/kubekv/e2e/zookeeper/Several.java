package io.kubekv.e2e.zookeeper;

import static io.kubekv.e2e.zookeeper.Checks.bytes;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Changes and reads that go together. */
final class Several {
  private static final String ROOT = ZooKeeperProgram.ROOT + "/several";

  private final ZooKeeper zk;
  private final Checks checks;

  Several(ZooKeeper zk, Checks checks) {
    this.zk = zk;
    this.checks = checks;
  }

  private static Op create(String name) {
    return Op.create(ROOT + name, bytes(name), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  void run() throws Exception {
    checks.check(
        "all happen",
        () ->
            zk.multi(
                List.of(
                    create(""),
                    create("/a"),
                    Op.setData(ROOT + "/a", bytes("x"), 0),
                    Op.check(ROOT + "/a", 1),
                    create("/b"),
                    Op.delete(ROOT + "/b", 0))),
        "[made "
            + ROOT
            + ", made "
            + ROOT
            + "/a, set version 1 children version 0 list version 0 length 1 children 0, CheckResult,"
            + " made "
            + ROOT
            + "/b, DeleteResult]");
    Stat top = zk.exists(ROOT, false);
    Stat below = zk.exists(ROOT + "/a", false);
    checks.check("at one zxid", top.getCzxid(), below.getCzxid());
    checks.check("and the change, too", below.getMzxid(), below.getCzxid());
    checks.check("and the deletion", top.getPzxid(), below.getCzxid());
    checks.check(
        "none happens",
        () -> zk.multi(List.of(create("/c"), Op.check(ROOT + "/a", 7), create("/d"))),
        "BADVERSION [error 0, error -103, error -2]");
    checks.check("as is seen", () -> zk.exists(ROOT + "/c", false), "nothing");
    checks.check(
        "the first may fail",
        () -> zk.multi(List.of(Op.delete(ROOT + "/none", -1), create("/c"))),
        "NONODE [error -101, error -2]");
    checks.check("none asked for", () -> zk.multi(List.of()), "[]");
    checks.check(
        "reads",
        () -> zk.multi(List.of(Op.getData(ROOT + "/a"), Op.getChildren(ROOT), Op.getData("/none"))),
        "[x, [a], error -101]");
    manyAtOnce();
  }

  private void manyAtOnce() throws Exception {
    List<Op> operations = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      operations.add(create("/m" + i));
    }
    checks.check("a hundred", () -> zk.multi(operations).size(), "100");
    List<Op> deletes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      deletes.add(Op.delete(ROOT + "/m" + i, 0));
    }
    checks.check("a hundred deletes", () -> zk.multi(deletes).size(), "100");
  }
}
