package io.kubekv.benchmarks.load;

import io.kubekv.e2e.zookeeper.ZooKeeperSession;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.jute.Record;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetDataResponse;

/**
 * Speaks ZooKeeper's protocol in a session of its own; keys are nodes, and so are the directories
 * above them. Beginning and ending a session are changes of the store, too.
 *
 * <p>Made for one server alone: what it answers is what it has committed, so that a plain read is
 * linearizable. On an ensemble a sync before each read would be the client's way.
 *
 * <p>A list asks for the names and then for all their nodes at once, as ZooKeeper's asynchronous
 * clients do; it is not of one moment.
 */
public final class ZooKeeperCalls implements Client {
  /** Longer than any slice, and the longest that a server with ticks of three seconds lets be. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final List<ACL> OPEN = List.of(new ACL(31, new Id("world", "anyone")));
  private static final byte[] OF_DIRECTORY = {};
  private static final int PERSISTENT = 0;
  private static final int ANY_VERSION = -1;

  private final ZooKeeperSession session;

  /** Whether every request has been answered. */
  private boolean idle = true;

  /** Blocks until the session has begun. */
  public ZooKeeperCalls(InetSocketAddress server) throws IOException {
    session = new ZooKeeperSession(server, TIMEOUT, TIMEOUT, ZooKeeperSession.Identity.NONE);
  }

  @Override
  public void perform(Operation operation) throws IOException {
    switch (operation) {
      case Operation.Get get -> {
        GetDataResponse unused = read(path(get.key()));
      }
      case Operation.Put put -> put(path(put.key()), bytes(put.value()));
      case Operation.ListBelow list -> list(path(list.directory()));
      case Operation.Increment increment -> increment(path(increment.key()));
    }
  }

  /** Every answer names the latest change that the server has made. */
  @Override
  public long revision() throws IOException {
    return exists("/").zxid();
  }

  @Override
  public long modified(String key) throws IOException {
    return exists(path(key)).body().read(new ExistsResponse()).getStat().getMzxid();
  }

  private static String path(String key) {
    return "/" + key;
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private ZooKeeperSession.Answer ask(Op what, Record request) throws IOException {
    idle = false;
    ZooKeeperSession.Answer answer = session.ask(what, request);
    idle = true;
    return answer;
  }

  private static boolean is(ZooKeeperSession.Answer answer, Code code) {
    return answer.error() == code.number();
  }

  private static ZooKeeperSession.Answer require(
      ZooKeeperSession.Answer answer, Op what, String path) throws IOException {
    if (!is(answer, Code.OK)) {
      throw new IOException(what.verb() + " of " + path + " was refused by " + answer.error());
    }
    return answer;
  }

  private ZooKeeperSession.Answer exists(String path) throws IOException {
    return require(ask(Op.EXISTS, new ExistsRequest(path, false)), Op.EXISTS, path);
  }

  private GetDataResponse read(String path) throws IOException {
    return data(ask(Op.GET_DATA, new GetDataRequest(path, false)), path);
  }

  private static GetDataResponse data(ZooKeeperSession.Answer answer, String path)
      throws IOException {
    GetDataResponse read = require(answer, Op.GET_DATA, path).body().read(new GetDataResponse());
    if (read.getData() == null || read.getData().length == 0) {
      throw new IOException(path + " has no value");
    }
    return read;
  }

  private ZooKeeperSession.Answer set(String path, byte[] value, int version) throws IOException {
    return ask(Op.SET_DATA, new SetDataRequest(path, value, version));
  }

  /** What is not there yet is made; another client may do so at the same time. */
  private void put(String path, byte[] value) throws IOException {
    ZooKeeperSession.Answer answer = set(path, value, ANY_VERSION);
    while (is(answer, Code.NO_NODE)) {
      if (make(path, value)) {
        return;
      }
      answer = set(path, value, ANY_VERSION);
    }
    require(answer, Op.SET_DATA, path);
    if (answer.body().read(new SetDataResponse()).getStat().getDataLength() != value.length) {
      throw new IOException(path + " was not set to what was sent");
    }
  }

  /** Makes a node, those above it first; false when it is there. */
  private boolean make(String path, byte[] value) throws IOException {
    CreateRequest request = new CreateRequest(path, value, OPEN, PERSISTENT);
    ZooKeeperSession.Answer answer = ask(Op.CREATE, request);
    if (is(answer, Code.NO_NODE)) {
      boolean unused = make(path.substring(0, path.lastIndexOf('/')), OF_DIRECTORY);
      answer = ask(Op.CREATE, request);
    }
    if (is(answer, Code.NODE_EXISTS)) {
      return false;
    }
    require(answer, Op.CREATE, path);
    return true;
  }

  private void list(String path) throws IOException {
    GetChildrenRequest request = new GetChildrenRequest(path, false);
    ZooKeeperSession.Answer names = require(ask(Op.GET_CHILDREN, request), Op.GET_CHILDREN, path);
    List<String> children = names.body().read(new GetChildrenResponse()).getChildren();
    if (children.isEmpty()) {
      throw new IOException("there is nothing below " + path);
    }
    idle = false;
    for (String child : children) {
      session.send(Op.GET_DATA, new GetDataRequest(path + "/" + child, false));
    }
    for (String child : children) {
      GetDataResponse unused = data(session.answer(), path + "/" + child);
    }
    idle = true;
  }

  private void increment(String path) throws IOException {
    ZooKeeperSession.Answer answer;
    do {
      GetDataResponse now = read(path);
      long next = Long.parseLong(new String(now.getData(), StandardCharsets.UTF_8)) + 1;
      answer = set(path, bytes(Long.toString(next)), now.getStat().getVersion());
    } while (is(answer, Code.BAD_VERSION));
    require(answer, Op.SET_DATA, path);
  }

  /**
   * Ends the session. One with a request that was not answered is left to end by itself: the answer
   * would be waited for again.
   */
  @Override
  public void close() throws IOException {
    if (idle) {
      session.close();
    } else {
      session.leave();
    }
  }
}
