package io.kubekv.e2e.zookeeper;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** Clients of a store. */
final class Clients {
  /** The shortest that ZooKeeper gives with its ticks of three seconds. */
  static final int TIMEOUT = 6_000;

  private static final int PATIENCE_SECONDS = 20;

  private final String address;

  Clients(String url) {
    address = url.substring(url.indexOf("://") + 3);
  }

  String address() {
    return address;
  }

  /** A new session, connected. */
  ZooKeeper session() throws IOException, InterruptedException {
    return session(0, new byte[16], TIMEOUT);
  }

  /** A session that goes on, or another one where the number is zero. */
  ZooKeeper session(long id, byte[] password, int timeout)
      throws IOException, InterruptedException {
    CountDownLatch decided = new CountDownLatch(1);
    Watcher watcher =
        event -> {
          switch (event.getState()) {
            case SyncConnected, Expired, AuthFailed -> decided.countDown();
            default -> {}
          }
        };
    ZooKeeper client =
        id == 0
            ? new ZooKeeper(address, timeout, watcher)
            : new ZooKeeper(address, timeout, watcher, id, password);
    if (!decided.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("no session within " + PATIENCE_SECONDS + " s");
    }
    return client;
  }
}
