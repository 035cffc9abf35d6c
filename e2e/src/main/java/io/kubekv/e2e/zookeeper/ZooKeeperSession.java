package io.kubekv.e2e.zookeeper;

import io.kubekv.zookeeper.probes.Wired;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.WatcherEvent;

/**
 * A session of ZooKeeper's protocol on one connection, whoever serves it. Not safe for use by
 * several threads at once.
 */
public final class ZooKeeperSession implements AutoCloseable {
  private static final int EVENT = -1;
  private static final int PING = -2;

  /**
   * What another connection needs to go on with a session.
   *
   * @param password a secret
   * @param seen the latest zxid that it was told
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Identity(long id, byte[] password, long seen) {
    /** Of a session that is to begin. */
    public static final Identity NONE = new Identity(0, new byte[16], 0);
  }

  /**
   * An answer.
   *
   * @param error 0 where nothing was refused
   */
  public record Answer(int error, long zxid, Wired.Message body) {}

  private final Wired wire;
  private final ConnectResponse session;
  private final Queue<Integer> underWay = new ArrayDeque<>();
  private int asked;
  private long seen;

  /**
   * Connects, and begins or goes on. Blocks.
   *
   * @param timeout the session's
   * @param patience how long it waits for an answer
   */
  public ZooKeeperSession(
      InetSocketAddress server, Duration timeout, Duration patience, Identity former)
      throws IOException {
    wire = new Wired(server, patience);
    seen = former.seen();
    int millis = (int) timeout.toMillis();
    try {
      wire.send(new ConnectRequest(0, seen, millis, former.id(), former.password()));
      session = wire.receive().read(new ConnectResponse());
    } catch (IOException failed) {
      wire.close();
      throw failed;
    }
  }

  /** Whether there was such a session; nothing else can be asked without. */
  public boolean isAlive() {
    return session.getTimeOut() > 0;
  }

  /** How long it lives without a sign of life. */
  public Duration timeout() {
    return Duration.ofMillis(session.getTimeOut());
  }

  public Identity identity() {
    return new Identity(session.getSessionId(), session.getPasswd(), seen);
  }

  /** Asks while nothing else is under way, and waits for the answer. Blocks. */
  public Answer ask(Op what, Record... request) throws IOException {
    send(what, request);
    return answer();
  }

  /** Asks, and leaves the answer to {@link #answer}: several requests may be under way. */
  public void send(Op what, Record... request) throws IOException {
    int number = what == Op.PING ? PING : ++asked;
    Record[] all = new Record[request.length + 1];
    all[0] = new RequestHeader(number, what.number());
    System.arraycopy(request, 0, all, 1, request.length);
    underWay.add(number);
    wire.send(all);
  }

  /**
   * Waits for the answer to the earliest request that has none; events before it are passed over.
   * Blocks.
   *
   * @throws OrderException for the answer to another request, and for one of an earlier state
   */
  public Answer answer() throws IOException {
    int number = underWay.remove();
    Wired.Message message = wire.receive();
    ReplyHeader header = message.read(new ReplyHeader());
    while (header.getXid() == EVENT) {
      message = wire.receive();
      header = message.read(new ReplyHeader());
    }
    requireOrder(header, number, seen);
    seen = header.getZxid();
    return new Answer(header.getErr(), header.getZxid(), message);
  }

  /**
   * @param number of the earliest request that has no answer
   * @param seen the latest zxid that the session was told
   */
  static void requireOrder(ReplyHeader header, int number, long seen) throws OrderException {
    if (header.getXid() != number) {
      throw new OrderException("an answer to " + header.getXid() + " came for " + number);
    }
    if (header.getZxid() < seen) {
      throw new OrderException("zxid %d after %d".formatted(header.getZxid(), seen));
    }
  }

  /** Waits for an event, which must come next, and hands on its path. Blocks. */
  public String awaitEvent() throws IOException {
    Wired.Message message = wire.receive();
    int xid = message.read(new ReplyHeader()).getXid();
    if (xid != EVENT) {
      throw new IOException("an answer to " + xid + " came instead of an event");
    }
    return message.read(new WatcherEvent()).getPath();
  }

  /** Leaves the session to itself. */
  public void leave() throws IOException {
    wire.close();
  }

  /** Ends the session. */
  @Override
  public void close() throws IOException {
    try (wire) {
      if (isAlive()) {
        Answer unused = ask(Op.CLOSE);
      }
    }
  }

  /** A session was told of the past, or not in the order of its requests. */
  public static final class OrderException extends IOException {
    private static final long serialVersionUID = 1;

    OrderException(String what) {
      super(what);
    }
  }
}
