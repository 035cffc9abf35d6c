package io.kubekv.zookeeper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * What programs are told by one server, in words that do not differ where the servers may:
 * revisions are in the order in which they were first seen, sessions as well.
 */
final class Notes implements AutoCloseable {
  private static final int TIMEOUT = 30_000;

  private final Side side;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<ZooKeeper> clients = new ArrayList<>();
  private final TreeSet<Long> revisions = new TreeSet<>();
  private final Map<Long, String> owners = new HashMap<>();

  Notes(Side side) {
    this.side = side;
  }

  /** A call of a client. */
  interface Asked {
    Object of() throws KeeperException, InterruptedException;
  }

  /** A session more. */
  ZooKeeper session() throws IOException, InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper client =
        new ZooKeeper(
            "127.0.0.1:" + side.port(),
            TIMEOUT,
            event -> {
              if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
              }
            });
    clients.add(client);
    if (!connected.await(TIMEOUT, TimeUnit.MILLISECONDS)) {
      throw new IOException("not connected");
    }
    owners.put(client.getSessionId(), "session " + clients.size());
    return client;
  }

  /** Notes what a call comes to. */
  void ask(String what, Asked call) throws InterruptedException {
    try {
      lines.add(what + " -> " + shown(call.of()));
    } catch (KeeperException refused) {
      lines.add(what + " -> " + refused.code() + " " + results(refused));
    }
  }

  private String results(KeeperException refused) {
    return refused.getResults() == null ? "" : shown(refused.getResults());
  }

  /** Who sees something; it is noted by {@link #settle}. */
  Watcher watcher(String name) {
    return event -> seen.add(name + " saw " + shown(event));
  }

  /**
   * Notes what was seen until now: a client calls back for an answer after the events before it.
   */
  void settle(ZooKeeper client) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    client.sync("/", (code, path, context) -> done.countDown(), null);
    done.await();
    while (!seen.isEmpty()) {
      lines.add(seen.remove(0));
    }
  }

  private static String shown(WatchedEvent event) {
    return event.getType() + " " + event.getPath();
  }

  private String shown(Object value) {
    return switch (value) {
      case null -> "nothing";
      case byte[] bytes -> "'" + new String(bytes, StandardCharsets.UTF_8) + "'";
      case Stat stat -> shown(stat);
      case List<?> list -> list.stream().map(this::shown).toList().toString();
      case OpResult.ErrorResult error -> "error " + error.getErr();
      case OpResult.CreateResult made -> "made " + made.getPath() + " " + shown(made.getStat());
      case OpResult.SetDataResult set -> "set " + shown(set.getStat());
      case OpResult.GetDataResult got -> shown(got.getData()) + " " + shown(got.getStat());
      case OpResult.GetChildrenResult got ->
          got.getChildren().stream().sorted().toList().toString();
      case OpResult done -> done.getClass().getSimpleName();
      default -> value.toString();
    };
  }

  private String shown(Stat stat) {
    if (stat == null) {
      return "";
    }
    revisions.add(stat.getCzxid());
    revisions.add(stat.getMzxid());
    revisions.add(stat.getPzxid());
    long owner = stat.getEphemeralOwner();
    return "{c"
        + stat.getCzxid()
        + "# m"
        + stat.getMzxid()
        + "# p"
        + stat.getPzxid()
        + "# version "
        + stat.getVersion()
        + " cversion "
        + stat.getCversion()
        + " aversion "
        + stat.getAversion()
        + " length "
        + stat.getDataLength()
        + " children "
        + stat.getNumChildren()
        + " owner "
        + owners.getOrDefault(owner, Long.toHexString(owner))
        + (stat.getCzxid() == stat.getMzxid() && stat.getCtime() != stat.getMtime()
            ? " times differ"
            : "")
        + "}";
  }

  /** All that was noted, revisions by their rank. */
  List<String> lines() {
    List<Long> sorted = List.copyOf(revisions);
    return lines.stream()
        .map(
            line -> {
              String shown = line;
              for (int rank = sorted.size() - 1; rank >= 0; rank--) {
                for (String kind : List.of("c", "m", "p")) {
                  shown =
                      shown.replace(
                          kind + sorted.get(rank) + "#",
                          kind + (sorted.get(rank) == 0 ? "-" : rank));
                }
              }
              return shown;
            })
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    for (ZooKeeper client : clients) {
      client.close(TIMEOUT);
    }
  }
}
