package io.kubekv.e2e.zookeeper;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;

/**
 * Uses a store through Apache's client and says of each call whether it answered as ZooKeeper does:
 * {@code ok NAME}, {@code differs NAME: REASON} where kubekv is known to answer otherwise, or
 * {@code not ok NAME} with the difference. The arguments are the store's URL and name.
 */
public final class ZooKeeperProgram {
  /** Above every node. */
  static final String ROOT = "/zkjava";

  private ZooKeeperProgram() {}

  public static void main(String[] arguments) throws Exception {
    Checks checks = new Checks("zookeeper", arguments[1].equals("kubekv"));
    Clients clients = new Clients(arguments[0]);
    try (ZooKeeper zk = clients.session()) {
      zk.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      new Nodes(zk, checks).run();
      new Several(zk, checks).run();
      new Watches(zk, clients, checks).run();
      new Lists(zk, clients, checks).run();
      new Sessions(zk, clients, checks).run();
      ZKUtil.deleteRecursive(zk, ROOT);
    }
    System.exit(0);
  }
}
