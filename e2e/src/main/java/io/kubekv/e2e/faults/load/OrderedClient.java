package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.e2e.zookeeper.ZooKeeperSession.Identity;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;

/**
 * One client of ZooKeeper's protocol that counts up a node which others count up, too, by its
 * version, and reads it without a sync, at one replica after the other: its session sees its own
 * writes, goes never back, and no version is given twice.
 */
final class OrderedClient implements Runnable {
  private static final String PATH = "/counted";
  private static final Duration SESSION = Duration.ofSeconds(6);

  private final String name;
  private final List<Endpoint> endpoints;
  private final Duration timeout;
  private final Disorders disorders;
  private final Set<Integer> given;
  private final Pace pace;
  private Identity identity = Identity.NONE;
  private int at;
  private int seen = -1;

  /**
   * @param given the versions that were acknowledged, of all such clients
   */
  OrderedClient(
      String name,
      List<Endpoint> endpoints,
      int first,
      Duration timeout,
      Disorders disorders,
      Set<Integer> given,
      Pace pace) {
    this.name = name;
    this.endpoints = List.copyOf(endpoints);
    this.at = first;
    this.timeout = timeout;
    this.disorders = disorders;
    this.given = given;
    this.pace = pace;
  }

  @Override
  public void run() {
    while (!pace.isOver()) {
      Endpoint endpoint = endpoints.get(at++ % endpoints.size());
      try {
        sit(endpoint);
      } catch (ZooKeeperSession.OrderException past) {
        add(endpoint, String.valueOf(past.getMessage()));
      } catch (IOException lost) {
        // at the next one, then
      }
      Pace.pause(20);
    }
  }

  /** Until it is let down, or has been there for long. */
  private void sit(Endpoint endpoint) throws IOException {
    ZooKeeperSession session =
        new ZooKeeperSession(endpoint.zookeeper(), SESSION, timeout, identity);
    try {
      if (!session.isAlive()) {
        identity = new Identity(0, new byte[16], identity.seen());
        return;
      }
      for (int i = 0; i < 200 && !pace.isOver(); i++) {
        identity = session.identity();
        int version = read(session, endpoint);
        Pace.pause(5);
        if (version >= 0) {
          count(session, endpoint, version);
        }
      }
      identity = session.identity();
    } finally {
      session.leave();
    }
  }

  /** The version that it sees; below zero when it sees none. */
  private int read(ZooKeeperSession session, Endpoint endpoint) throws IOException {
    var answer = session.ask(Op.GET_DATA, new GetDataRequest(PATH, false));
    if (ZooKeeperWire.is(answer, Code.NO_NODE)) {
      if (seen >= 0) {
        add(endpoint, "the node is not there after its version " + seen);
      }
      Answer unused = ZooKeeperWire.create(session, PATH, "0");
      return -1;
    }
    if (answer.error() != 0) {
      return -1;
    }
    GetDataResponse found = answer.body().read(new GetDataResponse());
    int version = found.getStat().getVersion();
    String value = new String(found.getData(), StandardCharsets.UTF_8);
    if (version < seen) {
      add(endpoint, "version %d is read after %d".formatted(version, seen));
    }
    if (!value.equals(Integer.toString(version))) {
      add(endpoint, "version %d has the value %s".formatted(version, value));
    }
    seen = Math.max(seen, version);
    return version;
  }

  private void count(ZooKeeperSession session, Endpoint endpoint, int version) throws IOException {
    int next = version + 1;
    var answer = ZooKeeperWire.swap(session, PATH, Integer.toString(next), version);
    if (answer.error() == 0) {
      if (!given.add(next)) {
        add(endpoint, "version %d is given twice".formatted(next));
      }
      seen = Math.max(seen, next);
    }
  }

  private void add(Endpoint endpoint, String what) {
    disorders.add(name + " at " + endpoint.name() + ": " + what);
  }
}
