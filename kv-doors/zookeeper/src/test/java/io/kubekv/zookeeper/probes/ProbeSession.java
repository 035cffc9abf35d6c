package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.WatcherEvent;

/**
 * One of a program's sessions on one server. What it is told of its watches stands before the
 * answer that came next.
 */
final class ProbeSession implements AutoCloseable {
  private static final int EVENT = -1;
  private static final int FORMER_WATCHES = -8;
  private static final int TIMEOUT = 30_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What requests have for their number that have none of their own. */
  private static final Map<Op, Integer> NUMBERS =
      Map.of(
          Op.PING,
          -2,
          Op.AUTH,
          -4,
          Op.SET_WATCHES,
          FORMER_WATCHES,
          Op.SET_WATCHES2,
          FORMER_WATCHES);

  /** What takes a zxid of its own when it is not refused. */
  private static final List<Op> CHANGES =
      List.of(
          Op.CREATE,
          Op.CREATE2,
          Op.CREATE_CONTAINER,
          Op.CREATE_TTL,
          Op.DELETE,
          Op.SET_DATA,
          Op.SET_ACL);

  private final InetSocketAddress address;
  private final Answers answers;
  private final Zxids zxids;
  private Wired wire;
  private ConnectResponse session = new ConnectResponse(0, 0, 0, new byte[16]);
  private boolean open;
  private boolean anyOrder;
  private int asked;
  private long latest;
  private long seen;

  ProbeSession(InetSocketAddress address, Answers answers, Zxids zxids) throws IOException {
    this.address = address;
    this.answers = answers;
    this.zxids = zxids;
    this.wire = new Wired(address, PATIENCE);
    connect(0, new byte[16]);
  }

  long id() {
    return session.getSessionId();
  }

  /** The latest zxid that had been seen when its connection went away. */
  long seen() {
    return seen;
  }

  /**
   * What is told before the next answer is in any order, so it is sorted: another session ends,
   * whose ephemeral nodes go in any order, or this one says what it had watched, which are sets.
   */
  void anyOrder() {
    anyOrder = true;
  }

  private String connect(long id, byte[] password) throws IOException {
    wire.send(new ConnectRequest(0, latest, TIMEOUT, id, password), new Flag());
    Wired.Message message = wire.receive();
    ConnectResponse answer = message.read(new ConnectResponse());
    open = answer.getTimeOut() > 0;
    if (open) {
      session = answer;
    }
    // whether it may only read, which old servers do not say
    return "timeout %d, %d bytes more".formatted(answer.getTimeOut(), message.left());
  }

  /** Takes the session up on another connection. */
  String attach() throws IOException {
    wire.close();
    seen = latest;
    wire = new Wired(address, PATIENCE);
    boolean same = id() != 0;
    long before = id();
    String answer = connect(before, session.getPasswd());
    return same && open && id() != before ? answer + ", another session" : answer;
  }

  /** Ends the session, and begins another. */
  String renew() throws IOException {
    String end = end();
    wire.close();
    wire = new Wired(address, PATIENCE);
    asked = 0;
    latest = 0;
    return end + ", " + connect(0, new byte[16]);
  }

  /** Ends the session by its own word. */
  String end() throws IOException {
    String answer = ask(new Step.Part(Op.CLOSE.number(), place -> new NoRecord()), Programs.SHOWN);
    open = false;
    return answer;
  }

  String ask(Step.Part part, Step.Place place) throws IOException {
    return exchange(part.number(), part.number(), List.of(part.shape().at(place)));
  }

  String ask(Op op, List<Step.Part> parts, Step.Place place) throws IOException {
    List<Record> records = new ArrayList<>();
    for (Step.Part each : parts) {
      records.add(new MultiHeader(each.number(), false, -1));
      records.add(each.shape().at(place));
    }
    records.add(new MultiHeader(-1, true, -1));
    return exchange(op.number(), op.number(), records);
  }

  private String exchange(int number, int kind, List<Record> records) throws IOException {
    if (!open) {
      return "no connection";
    }
    int xid = Op.of(kind).map(NUMBERS::get).orElseGet(() -> ++asked);
    Record header = new RequestHeader(xid, number);
    List<String> told = new ArrayList<>();
    anyOrder |= xid == FORMER_WATCHES;
    try {
      wire.send(Stream.concat(Stream.of(header), records.stream()).toArray(Record[]::new));
      Wired.Message message = wire.receive();
      ReplyHeader reply = message.read(new ReplyHeader());
      while (reply.getXid() == EVENT) {
        told.add(event(message.read(new WatcherEvent()), reply, message.left()));
        message = wire.receive();
        reply = message.read(new ReplyHeader());
      }
      return told(told) + answer(number, xid, reply, message);
    } catch (EOFException | SocketException closed) {
      open = false;
      return told(told) + "closed";
    }
  }

  private String told(List<String> events) {
    String told = String.join("", anyOrder ? events.stream().sorted().toList() : events);
    anyOrder = false;
    return told;
  }

  private String event(WatcherEvent event, ReplyHeader header, int left) {
    return "event %d state %d %s%s%n"
        .formatted(
            event.getType(),
            event.getState(),
            answers.shown(event.getPath()),
            header.getErr() == 0 && left == 0 ? "" : " err " + header.getErr() + " left " + left);
  }

  private String answer(int number, int xid, ReplyHeader header, Wired.Message message)
      throws IOException {
    String zxid = "";
    if (header.getZxid() != 0 && header.getErr() != Code.UNIMPLEMENTED.number()) {
      zxid = header.getZxid() < latest ? " its zxid is earlier than one before" : "";
      latest = Math.max(latest, header.getZxid());
    }
    boolean changed = Op.of(number).filter(CHANGES::contains).isPresent() && header.getErr() == 0;
    String at = changed ? " at " + zxids.of(header.getZxid()) : "";
    String asked = header.getXid() == xid ? "" : " an answer to " + header.getXid();
    return "err " + header.getErr() + at + zxid + asked + " " + body(number, header, message);
  }

  private String body(int number, ReplyHeader header, Wired.Message message) throws IOException {
    if (header.getErr() == 0) {
      return answers.body(number, message);
    }
    // what was refused, of which a multi tells more
    return message.left() == 0 ? "" : answers.body(number, message);
  }

  @Override
  public void close() throws IOException {
    if (open) {
      String unused = end();
    }
    wire.close();
  }
}
