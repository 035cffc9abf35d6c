package io.kubekv.e2e.zookeeper;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooKeeper;

/** Sessions: how they begin, go on elsewhere, and end with what is theirs. */
final class Sessions {
  private static final String ROOT = ZooKeeperProgram.ROOT + "/sessions";

  private final ZooKeeper zk;
  private final Clients clients;
  private final Checks checks;

  Sessions(ZooKeeper zk, Clients clients, Checks checks) {
    this.zk = zk;
    this.clients = clients;
    this.checks = checks;
  }

  void run() throws Exception {
    zk.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    timeouts();
    ends();
    goesOn();
    unknown();
    synced();
    words();
  }

  private void timeouts() throws Exception {
    checks.check("the shortest timeout", negotiated(3_000), 6_000);
    checks.check("one in between", negotiated(10_000), 10_000);
    checks.check("the longest", negotiated(1_000_000), 60_000);
  }

  private int negotiated(int timeout) throws Exception {
    try (ZooKeeper client = clients.session(0, new byte[16], timeout)) {
      return client.getSessionTimeout();
    }
  }

  private void ends() throws Exception {
    ZooKeeper client = clients.session();
    client.create(ROOT + "/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    client.create(ROOT + "/e-", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
    BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    checks.check("it is there", zk.exists(ROOT + "/e", events::add) != null, true);
    client.close();
    checks.check("told of its end", Checks.next(events), "NodeDeleted " + ROOT + "/e");
    checks.check("all of it is gone", () -> zk.getChildren(ROOT, false), "[]");
  }

  /** Another connection takes the session up, and with it its ephemerals. */
  private void goesOn() throws Exception {
    ZooKeeper former = clients.session();
    former.create(ROOT + "/g", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    try (ZooKeeper client =
        clients.session(former.getSessionId(), former.getSessionPasswd(), Clients.TIMEOUT)) {
      checks.check("the session goes on", client.getSessionId(), former.getSessionId());
      checks.check(
          "and has its ephemerals", () -> client.getEphemerals(ROOT), "[" + ROOT + "/g]");
    }
    checks.check("until it is closed", () -> zk.exists(ROOT + "/g", false), "nothing");
    former.close(1);
  }

  private void unknown() throws Exception {
    try (ZooKeeper none = clients.session(0x7777, new byte[16], Clients.TIMEOUT)) {
      checks.check("a session that is none", () -> none.exists("/", false), "SESSIONEXPIRED");
    }
    try (ZooKeeper held = clients.session();
        ZooKeeper thief = clients.session(held.getSessionId(), new byte[16], Clients.TIMEOUT)) {
      checks.check("a wrong password", () -> thief.exists("/", false), "SESSIONEXPIRED");
      checks.check("the session of it goes on", () -> afterLoss(held) != null, "true");
    }
  }

  /** Its connection is closed when somebody asks for its session, by any password. */
  private static Object afterLoss(ZooKeeper client) throws KeeperException, InterruptedException {
    try {
      return client.exists("/", false);
    } catch (KeeperException.ConnectionLossException once) {
      return client.exists("/", false);
    }
  }

  private void synced() throws Exception {
    try (ZooKeeper other = clients.session()) {
      for (int i = 0; i < 50; i++) {
        zk.setData(ROOT, Checks.bytes("" + i), -1);
      }
      other.sync(ROOT);
      checks.check("a read after a sync", () -> other.getData(ROOT, false, null), "49");
    }
    checks.check("sync of none", () -> synced(ROOT + "/none"), "synced");
  }

  private Object synced(String path) throws KeeperException, InterruptedException {
    zk.sync(path);
    return "synced";
  }

  private void words() throws Exception {
    String[] address = clients.address().split(":");
    try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      checks.check("srvr", answer.lines().anyMatch("Mode: standalone"::equals), true);
    }
  }
}
