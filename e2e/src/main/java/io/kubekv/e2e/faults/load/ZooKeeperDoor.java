package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.SyncRequest;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's protocol: a session of its own at one replica. Its reads come after a sync. */
final class ZooKeeperDoor implements Door {
  private static final Duration SESSION = Duration.ofSeconds(10);
  private static final int TRIES = 5;

  private final Endpoint endpoint;
  private final Duration timeout;
  private final Disorders disorders;
  private @Nullable ZooKeeperSession open;

  ZooKeeperDoor(Endpoint endpoint, Duration timeout, Disorders disorders) {
    this.endpoint = endpoint;
    this.timeout = timeout;
    this.disorders = disorders;
  }

  @Override
  public String name() {
    return "zookeeper";
  }

  /** A version is no revision: what compares one has a client of its own. */
  @Override
  public Set<Action> actions() {
    return EnumSet.of(Action.GET, Action.PUT, Action.CREATE, Action.DELETE);
  }

  @Override
  public Answer call(Action action, String key, String value, long expected) {
    ZooKeeperSession session = session();
    if (session == null) {
      return Answer.FAILED;
    }
    try {
      String path = "/" + key;
      return switch (action) {
        case GET -> ZooKeeperWire.read(session, path);
        case PUT -> put(session, path, value);
        case CREATE -> ZooKeeperWire.create(session, path, value);
        case DELETE -> ZooKeeperWire.delete(session, path);
        case SWAP, DELETE_IF, REMOVE -> throw new IllegalArgumentException("not here: " + action);
      };
    } catch (IOException lost) {
      lose(lost);
      return Answer.UNKNOWN;
    }
  }

  private static Answer put(ZooKeeperSession session, String path, String value)
      throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Answer set = ZooKeeperWire.set(session, path, value);
      if (set.result() != Answer.REFUSED.result()) {
        return set;
      }
      Answer made = ZooKeeperWire.create(session, path, value);
      if (made.result() != Answer.REFUSED.result()) {
        return made;
      }
    }
    return Answer.FAILED;
  }

  private @Nullable ZooKeeperSession session() {
    if (open == null) {
      try {
        open =
            new ZooKeeperSession(
                endpoint.zookeeper(), SESSION, timeout, ZooKeeperSession.Identity.NONE);
      } catch (IOException failed) {
        return null;
      }
    }
    return open;
  }

  private void lose(IOException lost) {
    disorders.addIf(lost, endpoint);
    close();
  }

  /** What is there at one moment: the children, and in one read of several they and their data. */
  @Override
  public Optional<Listing> list(String prefix) {
    ZooKeeperSession session = session();
    if (session == null) {
      return Optional.empty();
    }
    String parent = "/" + prefix.substring(0, prefix.length() - 1);
    try {
      if (session.ask(Op.SYNC, new SyncRequest(parent)).error() != 0) {
        return Optional.empty();
      }
      Optional<Listing> listing = Optional.empty();
      for (int i = 0; i < TRIES && listing.isEmpty(); i++) {
        listing = listed(session, parent, prefix);
      }
      return listing;
    } catch (IOException lost) {
      lose(lost);
      return Optional.empty();
    }
  }

  private static Optional<Listing> listed(ZooKeeperSession session, String parent, String prefix)
      throws IOException {
    ZooKeeperSession.Answer first =
        session.ask(Op.GET_CHILDREN, new GetChildrenRequest(parent, false));
    if (first.error() != 0) {
      return Optional.empty();
    }
    List<String> names = first.body().read(new GetChildrenResponse()).getChildren();
    List<Record> parts = new ArrayList<>();
    parts.add(new MultiHeader(Op.GET_CHILDREN.number(), false, -1));
    parts.add(new GetChildrenRequest(parent, false));
    for (String name : names) {
      parts.add(new MultiHeader(Op.GET_DATA.number(), false, -1));
      parts.add(new GetDataRequest(parent + "/" + name, false));
    }
    parts.add(new MultiHeader(-1, true, -1));
    ZooKeeperSession.Answer all = session.ask(Op.MULTI_READ, parts.toArray(Record[]::new));
    return all.error() == 0 ? listed(all, names, prefix) : Optional.empty();
  }

  /** Nothing where the children are others than before. */
  private static Optional<Listing> listed(
      ZooKeeperSession.Answer all, List<String> names, String prefix) throws IOException {
    if (all.body().read(new MultiHeader()).getType() != Op.GET_CHILDREN.number()) {
      return Optional.empty();
    }
    List<String> now = all.body().read(new GetChildrenResponse()).getChildren();
    if (!Set.copyOf(now).equals(Set.copyOf(names))) {
      return Optional.empty();
    }
    List<ListSeen.Item> items = new ArrayList<>();
    for (String name : names) {
      if (all.body().read(new MultiHeader()).getType() != Op.GET_DATA.number()) {
        ErrorResponse unused = all.body().read(new ErrorResponse());
        return Optional.empty();
      }
      Sight sight = ZooKeeperWire.sight(all.body().read(new GetDataResponse()));
      if (!sight.value().isEmpty()) { // else a directory
        items.add(new ListSeen.Item(prefix + name, sight.value(), sight.revision()));
      }
    }
    return Optional.of(new Listing(items, all.zxid()));
  }

  @Override
  public void close() {
    ZooKeeperSession session = open;
    open = null;
    if (session != null) {
      try {
        session.close();
      } catch (IOException lost) {
        // the session ends by itself
      }
    }
  }
}
