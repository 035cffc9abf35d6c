package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.e2e.zookeeper.ZooKeeperSession.Identity;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.SyncRequest;

/**
 * ZooKeeper's sessions at one replica, and what is made of them: locks by the recipe, and nodes
 * that end with a session. A session that began elsewhere goes on here when it is used.
 */
final class ZooKeeperSessions implements Sessions, Mortals {
  private static final String LOOKING = "looking";
  private static final Duration LOOKS = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final Duration timeout;
  private final Disorders disorders;
  private final Map<String, Identity> known;
  private final Map<String, ZooKeeperSession> open = new HashMap<>();

  /**
   * @param known the sessions of one client, wherever it sits
   */
  ZooKeeperSessions(
      Endpoint endpoint, Duration timeout, Disorders disorders, Map<String, Identity> known) {
    this.endpoint = endpoint;
    this.timeout = timeout;
    this.disorders = disorders;
    this.known = known;
  }

  /** Something that is asked of a session. */
  private interface Question {
    Door.Acquired ask(ZooKeeperSession session) throws IOException;
  }

  private static final Door.Acquired DONE = new Door.Acquired(Result.DONE, 0);
  private static final Door.Acquired REFUSED = new Door.Acquired(Result.REFUSED, 0);
  private static final Door.Acquired FAILED = new Door.Acquired(Result.FAILED, 0);

  private static String path(String key) {
    return "/" + key.replace('/', '-');
  }

  private Door.Acquired with(String id, Duration timeToLive, Question question) {
    try {
      ZooKeeperSession session = open.get(id);
      if (session == null) {
        Identity former = known.getOrDefault(id, Identity.NONE);
        session = new ZooKeeperSession(endpoint.zookeeper(), timeToLive, timeout, former);
        open.put(id, session);
      }
      return session.isAlive() ? question.ask(session) : REFUSED;
    } catch (ConnectException notThere) {
      return FAILED;
    } catch (IOException lost) {
      disorders.addIf(lost, endpoint);
      leave(id);
      return new Door.Acquired(Result.UNKNOWN, 0);
    }
  }

  private void leave(String id) {
    ZooKeeperSession session = open.remove(id);
    if (session != null) {
      if (session.isAlive()) {
        known.put(id, session.identity());
      }
      try {
        session.leave();
      } catch (IOException lost) {
        // it is left all the same
      }
    }
  }

  @Override
  public Begun begin(Duration timeToLive) {
    try {
      ZooKeeperSession session =
          new ZooKeeperSession(endpoint.zookeeper(), timeToLive, timeout, Identity.NONE);
      String id = Long.toHexString(session.identity().id());
      known.put(id, session.identity());
      open.put(id, session);
      return new Begun(Result.DONE, id);
    } catch (IOException lost) {
      return new Begun(Result.FAILED, "");
    }
  }

  @Override
  public Result renew(String id) {
    return with(id, LockClient.TIME_TO_LIVE, ZooKeeperSessions::ping).result();
  }

  private static Door.Acquired ping(ZooKeeperSession session) throws IOException {
    return session.ask(Op.PING).error() == 0 ? DONE : FAILED;
  }

  @Override
  public Result end(String id) {
    Result result =
        with(
                id,
                LockClient.TIME_TO_LIVE,
                session -> session.ask(Op.CLOSE).error() == 0 ? DONE : FAILED)
            .result();
    leave(id);
    return result;
  }

  @Override
  public Door.Acquired acquire(String key, String id, String value) {
    return with(
        id, LockClient.TIME_TO_LIVE, session -> LockRecipe.acquire(session, path(key), value));
  }

  @Override
  public Result release(String key, String id) {
    return with(id, LockClient.TIME_TO_LIVE, session -> LockRecipe.release(session, path(key)))
        .result();
  }

  /** By a session that does nothing else; when it has ended there is another next time. */
  private Result looking(Question question) {
    Result result = with(LOOKING, LOOKS, question).result();
    ZooKeeperSession session = open.get(LOOKING);
    if (session != null && !session.isAlive()) {
      leave(LOOKING);
      known.remove(LOOKING);
      return Result.FAILED;
    }
    return result;
  }

  /** Ends the session that looks. */
  void endLooking() {
    Result unused = end(LOOKING);
  }

  /** A node that is gone has no use for its session's connection any more. */
  @Override
  public Result look(String key) {
    Result seen =
        looking(
            session -> {
              Answer answer = ZooKeeperWire.read(session, path(key));
              boolean there = answer.seen().exists();
              return answer.result() != Result.DONE ? FAILED : there ? DONE : REFUSED;
            });
    if (seen == Result.REFUSED) {
      leave(key);
      known.remove(key);
    }
    return seen;
  }

  /** The node's session is of its name. */
  @Override
  public Result put(String key, String value, Duration timeToLive) {
    return with(
            key,
            timeToLive,
            session -> {
              var made = ZooKeeperWire.made(session, path(key), value, ZooKeeperWire.EPHEMERAL);
              if (made.error() != 0) {
                return FAILED;
              }
              Create2Response unused = made.body().read(new Create2Response());
              return DONE;
            })
        .result();
  }

  @Override
  public Result refresh(String key, Duration timeToLive) {
    if (!known.containsKey(key) && !open.containsKey(key)) {
      return Result.REFUSED; // it was seen gone
    }
    return with(key, timeToLive, ZooKeeperSessions::ping).result();
  }

  /** Children of a node, which need not be there, of this beginning; empty without an answer. */
  Optional<List<String>> children(String path, String beginning) {
    List<String> found = new ArrayList<>();
    Result asked =
        looking(
            session -> {
              var synced = session.ask(Op.SYNC, new SyncRequest(path));
              var answer = session.ask(Op.GET_CHILDREN, new GetChildrenRequest(path, false));
              if (synced.error() == 0 && answer.error() == 0) {
                found.addAll(answer.body().read(new GetChildrenResponse()).getChildren());
                return DONE;
              }
              boolean none = synced.error() == 0 && ZooKeeperWire.is(answer, Code.NO_NODE);
              return none ? DONE : FAILED;
            });
    found.removeIf(name -> !name.startsWith(beginning));
    return asked == Result.DONE ? Optional.of(found) : Optional.empty();
  }

  @Override
  public void close() {
    List.copyOf(open.keySet()).forEach(this::leave);
  }
}
