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
 * version, and reads it before and after without a sync, at one replica after the other: its
 * session sees its own writes, goes never back, and no version is given twice. It does not wait for
 * an answer before it sends the next request.
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
      } catch (IOException lost) {
        disorders.addIf(lost, endpoint); // at the next one, then
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
        count(session, endpoint);
        Pace.pause(5);
      }
    } finally {
      if (session.isAlive()) {
        identity = session.identity(); // with all that it was told before it was let down
      }
      session.leave();
    }
  }

  /** Reads, counts up what it has seen, and reads again, all under way at once. */
  private void count(ZooKeeperSession session, Endpoint endpoint) throws IOException {
    int next = seen + 1;
    GetDataRequest read = new GetDataRequest(PATH, false);
    session.send(Op.GET_DATA, read);
    if (next > 0) {
      session.send(Op.SET_DATA, ZooKeeperWire.swap(PATH, Integer.toString(next), next - 1));
    }
    session.send(Op.GET_DATA, read);
    read(session.answer(), endpoint);
    if (next > 0 && session.answer().error() == 0) {
      counted(next, endpoint);
    }
    read(session.answer(), endpoint);
    if (seen < 0) {
      Answer unused = ZooKeeperWire.create(session, PATH, "0");
    }
  }

  private void read(ZooKeeperSession.Answer answer, Endpoint endpoint) throws IOException {
    if (ZooKeeperWire.is(answer, Code.NO_NODE) && seen >= 0) {
      add(endpoint, "the node is not there after its version " + seen);
    }
    if (answer.error() != 0) {
      return;
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
    if (seen >= 0) {
      disorders.compared();
    }
    seen = Math.max(seen, version);
  }

  private void counted(int next, Endpoint endpoint) {
    if (!given.add(next)) {
      add(endpoint, "version %d is given twice".formatted(next));
    }
    seen = Math.max(seen, next);
  }

  private void add(Endpoint endpoint, String what) {
    disorders.add(name, endpoint, what);
  }
}
