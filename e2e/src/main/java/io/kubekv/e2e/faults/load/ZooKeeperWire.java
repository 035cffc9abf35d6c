package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetDataResponse;
import org.apache.zookeeper.proto.SyncRequest;

/** Single requests of ZooKeeper's protocol, and what their answers tell of a node. */
final class ZooKeeperWire {
  static final int PERSISTENT = 0;
  static final int EPHEMERAL = 1;
  static final int EPHEMERAL_SEQUENTIAL = 3;
  private static final int ANY = -1;
  private static final List<ACL> OPEN = List.of(new ACL(31, new Id("world", "anyone")));

  private ZooKeeperWire() {}

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  static boolean is(ZooKeeperSession.Answer answer, Code code) {
    return answer.error() == code.number();
  }

  /** What was there when it was asked for, or later. */
  static Answer read(ZooKeeperSession session, String path) throws IOException {
    if (session.ask(Op.SYNC, new SyncRequest(path)).error() != 0) {
      return Answer.FAILED;
    }
    ZooKeeperSession.Answer answer = session.ask(Op.GET_DATA, new GetDataRequest(path, false));
    if (is(answer, Code.NO_NODE)) {
      return Answer.read(Sight.ABSENT);
    }
    return answer.error() == 0
        ? Answer.read(sight(answer.body().read(new GetDataResponse())))
        : Answer.FAILED;
  }

  static Sight sight(GetDataResponse found) {
    byte[] data = found.getData();
    String value = data == null ? "" : new String(data, StandardCharsets.UTF_8);
    return Sight.of(value, found.getStat().getMzxid());
  }

  /** Refused where it is there. */
  static Answer create(ZooKeeperSession session, String path, String value) throws IOException {
    ZooKeeperSession.Answer answer = made(session, path, value, PERSISTENT);
    return answer.error() == 0
        ? done(answer.body().read(new Create2Response()).getStat())
        : unless(answer, Code.NODE_EXISTS);
  }

  /** The answer to the making of a node of this kind. */
  static ZooKeeperSession.Answer made(
      ZooKeeperSession session, String path, String value, int flags) throws IOException {
    return session.ask(Op.CREATE2, new CreateRequest(path, bytes(value), OPEN, flags));
  }

  /** Refused where nothing is there. */
  static Answer set(ZooKeeperSession session, String path, String value) throws IOException {
    ZooKeeperSession.Answer answer =
        session.ask(Op.SET_DATA, new SetDataRequest(path, bytes(value), ANY));
    return answer.error() == 0
        ? done(answer.body().read(new SetDataResponse()).getStat())
        : unless(answer, Code.NO_NODE);
  }

  /** What changes a node that has this version. */
  static SetDataRequest swap(String path, String value, int version) {
    return new SetDataRequest(path, bytes(value), version);
  }

  /** Refused where nothing is there. */
  static Answer delete(ZooKeeperSession session, String path) throws IOException {
    ZooKeeperSession.Answer answer = session.ask(Op.DELETE, new DeleteRequest(path, ANY));
    return answer.error() == 0
        ? new Answer(Result.DONE, Sight.NONE, answer.zxid())
        : unless(answer, Code.NO_NODE);
  }

  private static Answer done(Stat stat) {
    return new Answer(Result.DONE, Sight.NONE, stat.getMzxid());
  }

  private static Answer unless(ZooKeeperSession.Answer answer, Code refusal) {
    return is(answer, refusal) ? Answer.REFUSED : Answer.FAILED;
  }
}
