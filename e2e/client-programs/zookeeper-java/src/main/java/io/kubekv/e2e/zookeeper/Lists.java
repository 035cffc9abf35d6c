package io.kubekv.e2e.zookeeper;

import static io.kubekv.e2e.zookeeper.Checks.bytes;
import static org.apache.zookeeper.ZooDefs.Ids.ANYONE_ID_UNSAFE;
import static org.apache.zookeeper.ZooDefs.Ids.CREATOR_ALL_ACL;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.Arrays;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** Who may what. */
final class Lists {
  private static final String ROOT = ZooKeeperProgram.ROOT + "/lists";

  private final ZooKeeper zk;
  private final Clients clients;
  private final Checks checks;

  Lists(ZooKeeper zk, Clients clients, Checks checks) {
    this.zk = zk;
    this.clients = clients;
    this.checks = checks;
  }

  void run() throws Exception {
    String ann = DigestAuthenticationProvider.generateDigest("ann:secret");
    try (ZooKeeper owner = clients.session()) {
      owner.addAuthInfo("digest", bytes("ann:secret"));
      owner.create(ROOT, bytes("x"), CREATOR_ALL_ACL, CreateMode.PERSISTENT);
      checks.check("get by its owner", () -> owner.getData(ROOT, false, null), "x");
      checks.check("its list", () -> owner.getACL(ROOT, new Stat()), "[31 digest " + ann + "]");
      checks.check("who am I", () -> owner.whoAmI().size(), "2");
      strangers();
      checks.check(
          "set of a list",
          () -> owner.setACL(ROOT, Arrays.asList(new ACL(Perms.READ, ANYONE_ID_UNSAFE), mine(ann)), 0),
          "version 0 children version 0 list version 1 length 1 children 0");
      checks.check("set of an old list", () -> owner.setACL(ROOT, OPEN_ACL_UNSAFE, 0), "BADVERSION");
      checks.check("get by who may read", () -> zk.getData(ROOT, false, null), "x");
      checks.check("set by who may read", () -> zk.setData(ROOT, null, -1), "NOAUTH");
      checks.check(
          "of no scheme",
          () -> owner.setACL(ROOT, Arrays.asList(new ACL(31, new Id("none", "x"))), -1),
          "INVALIDACL");
      owner.create(ROOT + "/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      checks.check("a child is open to read", () -> zk.getData(ROOT + "/a", false, null), "nothing");
      checks.check("its parent guards its end", this::deletesChild, "NOAUTH");
      owner.delete(ROOT + "/a", -1);
      owner.setACL(ROOT, Arrays.asList(new ACL(31, new Id("ip", "127.0.0.0/8"))), -1);
      checks.check("by its address", () -> zk.getData(ROOT, false, null), "x");
    }
  }

  private static ACL mine(String ann) {
    return new ACL(Perms.ALL, new Id("digest", ann));
  }

  private Object deletesChild() throws KeeperException, InterruptedException {
    zk.delete(ROOT + "/a", -1);
    return "deleted";
  }

  private void strangers() throws Exception {
    checks.check("get by another", () -> zk.getData(ROOT, false, null), "NOAUTH");
    checks.check("set by another", () -> zk.setData(ROOT, null, -1), "NOAUTH");
    checks.check("its list, of another", () -> zk.getACL(ROOT, new Stat()), "NOAUTH");
    checks.check("children by another", () -> zk.getChildren(ROOT, false), "NOAUTH");
    checks.check(
        "create below by another",
        () -> zk.create(ROOT + "/x", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
        "NOAUTH");
    checks.differ(
        "exists for another",
        () -> zk.exists(ROOT, false),
        "version 0 children version 0 list version 0 length 1 children 0",
        "NOAUTH",
        "a stat needs the right to read, as by ZooKeeper since 3.8.4");
    checks.check(
        "owner nobody is",
        () -> zk.create(ROOT + "-o", null, CREATOR_ALL_ACL, CreateMode.PERSISTENT),
        "INVALIDACL");
  }
}
