package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.GetEphemeralsResponse;

/** ZooKeeper's recipe for locks: the nodes of the sessions that want one stand in a row. */
final class LockRecipe {
  private LockRecipe() {}

  /** Holds a lock who has the first of the nodes below it; the token is that node's zxid. */
  static Door.Acquired acquire(ZooKeeperSession session, String parent, String value)
      throws IOException {
    Optional<String> own = own(session, parent);
    if (own.isEmpty()) {
      Result made = enter(session, parent, value);
      if (made != Result.DONE) {
        return new Door.Acquired(made, 0);
      }
      own = own(session, parent);
    }
    var answer = session.ask(Op.GET_CHILDREN, new GetChildrenRequest(parent, false));
    if (own.isEmpty() || answer.error() != 0) {
      return new Door.Acquired(Result.FAILED, 0);
    }
    List<String> queue = answer.body().read(new GetChildrenResponse()).getChildren();
    String first = parent + "/" + queue.stream().sorted().findFirst().orElse("");
    if (!first.equals(own.get())) {
      return new Door.Acquired(Result.REFUSED, 0);
    }
    var stat = session.ask(Op.EXISTS, new ExistsRequest(first, false));
    return stat.error() == 0
        ? new Door.Acquired(
            Result.DONE, stat.body().read(new ExistsResponse()).getStat().getCzxid())
        : new Door.Acquired(Result.FAILED, 0);
  }

  /** The node that the session has in the queue: an answer that was lost may have made one. */
  private static Optional<String> own(ZooKeeperSession session, String parent) throws IOException {
    var answer = session.ask(Op.GET_EPHEMERALS, new GetEphemeralsRequest(parent + "/"));
    return answer.error() == 0
        ? answer.body().read(new GetEphemeralsResponse()).getEphemerals().stream()
            .sorted()
            .findFirst()
        : Optional.empty();
  }

  private static Result enter(ZooKeeperSession session, String parent, String value)
      throws IOException {
    String node = parent + "/n-";
    var answer = ZooKeeperWire.made(session, node, value, ZooKeeperWire.EPHEMERAL_SEQUENTIAL);
    if (ZooKeeperWire.is(answer, Code.NO_NODE)) {
      Answer unused = ZooKeeperWire.create(session, parent, "");
      answer = ZooKeeperWire.made(session, node, value, ZooKeeperWire.EPHEMERAL_SEQUENTIAL);
    }
    return answer.error() == 0 ? Result.DONE : Result.FAILED;
  }

  /** Refused where the session has no node in the row. */
  static Door.Acquired release(ZooKeeperSession session, String parent) throws IOException {
    Optional<String> own = own(session, parent);
    Result result =
        own.isEmpty() ? Result.REFUSED : ZooKeeperWire.delete(session, own.get()).result();
    return new Door.Acquired(result, 0);
  }
}
