package io.kubekv.e2e.zookeeper;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/** As {@link ZooKeeperProgram} through Curator: its framework, its cache, and two recipes. */
public final class CuratorProgram {
  /** Above every node. */
  static final String ROOT = "/curator";

  private CuratorProgram() {}

  public static void main(String[] arguments) throws Exception {
    Checks checks = new Checks("curator", arguments[1].equals("kubekv"));
    String address = new Clients(arguments[0]).address();
    try (CuratorFramework client = connected(address);
        CuratorFramework other = connected(address)) {
      client.create().forPath(ROOT);
      new Framework(client, checks).run();
      new Caches(client, other, checks).run();
      new Recipes(client, other, checks).run();
      client.delete().deletingChildrenIfNeeded().forPath(ROOT);
    }
    System.exit(0);
  }

  /** A client that is connected. */
  private static CuratorFramework connected(String address) throws InterruptedException {
    CuratorFramework client =
        CuratorFrameworkFactory.newClient(address, Clients.TIMEOUT, 20_000, new RetryOneTime(100));
    client.start();
    client.blockUntilConnected();
    return client;
  }
}
