package io.kubekv.e2e.zookeeper;

import static io.kubekv.e2e.zookeeper.Checks.bytes;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Nodes of every kind. */
final class Nodes {
  private static final String ROOT = ZooKeeperProgram.ROOT + "/nodes";

  private final ZooKeeper zk;
  private final Checks checks;

  Nodes(ZooKeeper zk, Checks checks) {
    this.zk = zk;
    this.checks = checks;
  }

  void run() throws Exception {
    checks.check("create", () -> create("", "top", CreateMode.PERSISTENT), ROOT);
    values();
    versions();
    children();
    sequences();
    kinds();
    paths();
  }

  private String create(String name, String data, CreateMode mode)
      throws KeeperException, InterruptedException {
    return zk.create(ROOT + name, bytes(data), OPEN_ACL_UNSAFE, mode);
  }

  private Object delete(String name, int version) throws KeeperException, InterruptedException {
    zk.delete(ROOT + name, version);
    return "deleted";
  }

  private void values() throws Exception {
    checks.check("create again", () -> create("", "x", CreateMode.PERSISTENT), "NODEEXISTS");
    checks.check("get", () -> zk.getData(ROOT, false, null), "top");
    checks.check("exists of none", () -> zk.exists(ROOT + "/none", false), "nothing");
    checks.check("get of none", () -> zk.getData(ROOT + "/none", false, null), "NONODE");
    checks.check("set of none", () -> zk.setData(ROOT + "/none", bytes("x"), -1), "NONODE");
    checks.check("delete of none", () -> delete("/none", -1), "NONODE");
    checks.check(
        "create below none", () -> create("/none/x", "", CreateMode.PERSISTENT), "NONODE");
    byte[] large = new byte[900_000];
    checks.check("set of 900 kB", () -> zk.setData(ROOT, large, -1).getDataLength(), "900000");
    checks.check("get of 900 kB", () -> zk.getData(ROOT, false, null).length, "900000");
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    zk.setData(ROOT, every, -1);
    checks.check("every byte", zk.getData(ROOT, false, null)[255], every[255]);
    checks.check("set of nothing", () -> zk.setData(ROOT, null, -1).getDataLength(), "0");
    checks.check("get of nothing", () -> zk.getData(ROOT, false, null), "nothing");
  }

  private void versions() throws Exception {
    create("/v", "one", CreateMode.PERSISTENT);
    checks.check(
        "set with its version",
        () -> zk.setData(ROOT + "/v", bytes("two"), 0),
        "version 1 children version 0 list version 0 length 3 children 0");
    checks.check("set of an old version", () -> zk.setData(ROOT + "/v", null, 0), "BADVERSION");
    checks.check("delete of an old version", () -> delete("/v", 0), "BADVERSION");
    Stat stat = zk.exists(ROOT + "/v", false);
    checks.check("its zxids grow", stat.getMzxid() > stat.getCzxid(), true);
    checks.check("its times do not fall", stat.getMtime() >= stat.getCtime(), true);
    checks.check("delete with its version", () -> delete("/v", 1), "deleted");
    checks.check("it is gone", () -> zk.exists(ROOT + "/v", false), "nothing");
  }

  private void children() throws Exception {
    create("/c", "", CreateMode.PERSISTENT);
    for (String name : List.of("/c/a", "/c/b", "/c/ü", "/c/a b")) {
      checks.check("create " + name, create(name, name, CreateMode.PERSISTENT), ROOT + name);
    }
    checks.check(
        "children", zk.getChildren(ROOT + "/c", false).stream().sorted().toList(), names());
    Stat stat = new Stat();
    zk.getChildren(ROOT + "/c", false, stat);
    checks.check(
        "children with a stat",
        Checks.tell(stat),
        "version 0 children version 4 list version 0 length 0 children 4");
    checks.check("delete with children", () -> delete("/c", -1), "NOTEMPTY");
    checks.check("delete of a child", () -> delete("/c/a", -1), "deleted");
    checks.check(
        "the parent's stat",
        () -> zk.exists(ROOT + "/c", false),
        "version 0 children version 5 list version 0 length 0 children 3");
    checks.check("all below", () -> zk.getAllChildrenNumber(ROOT + "/c"), "3");
    checks.check("children of none", () -> zk.getChildren(ROOT + "/none", false), "NONODE");
  }

  private static List<String> names() {
    return List.of("a", "a b", "b", "ü");
  }

  private void sequences() throws Exception {
    create("/q", "", CreateMode.PERSISTENT);
    checks.check("first of a sequence", sequential("/q/n-"), ROOT + "/q/n-0000000000");
    checks.check("second", sequential("/q/n-"), ROOT + "/q/n-0000000001");
    delete("/q/n-0000000001", -1);
    checks.check("third, after a delete", sequential("/q/n-"), ROOT + "/q/n-0000000002");
    checks.check("another name", sequential("/q/m-"), ROOT + "/q/m-0000000003");
    checks.check("no name", sequential("/q/"), ROOT + "/q/0000000004");
  }

  private String sequential(String name) throws KeeperException, InterruptedException {
    return create(name, "", CreateMode.PERSISTENT_SEQUENTIAL);
  }

  private void kinds() throws Exception {
    checks.check("container", create("/k", "", CreateMode.CONTAINER), ROOT + "/k");
    long container = zk.exists(ROOT + "/k", false).getEphemeralOwner();
    checks.check("its owner", container, 0L);
    Stat stat = new Stat();
    zk.create(
        ROOT + "/t", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, stat, 3_600_000L);
    checks.check("owner of one with an end", stat.getEphemeralOwner(), 0L);
    create("/e", "", CreateMode.EPHEMERAL);
    checks.check(
        "owner of an ephemeral",
        zk.exists(ROOT + "/e", false).getEphemeralOwner(),
        zk.getSessionId());
    checks.check(
        "below an ephemeral",
        () -> create("/e/x", "", CreateMode.PERSISTENT),
        "NOCHILDRENFOREPHEMERALS");
    checks.check("ephemerals", () -> zk.getEphemerals(ROOT), List.of(ROOT + "/e").toString());
    delete("/e", -1);
    checks.check("no ephemerals", () -> zk.getEphemerals(ROOT), "[]");
  }

  private void paths() throws Exception {
    checks.check("root", () -> zk.getChildren("/", false).contains("zookeeper"), "true");
    checks.check(
        "zookeeper",
        zk.getChildren("/zookeeper", false).stream().sorted().toList(),
        List.of("config", "quota"));
    checks.check("delete of the root", () -> deleteAbsolute("/"), "BADARGUMENTS");
  }

  private Object deleteAbsolute(String path) throws KeeperException, InterruptedException {
    zk.delete(path, -1);
    return "deleted";
  }
}
