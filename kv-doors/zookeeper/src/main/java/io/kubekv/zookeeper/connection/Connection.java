package io.kubekv.zookeeper.connection;

import io.kubekv.Revision;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.tcp.TcpConnection;
import io.kubekv.transport.tcp.TcpProtocol;
import io.kubekv.transport.tcp.TcpRequest;
import io.kubekv.zookeeper.admin.ClientFigures;
import io.kubekv.zookeeper.admin.Tally;
import io.kubekv.zookeeper.session.Sessions;
import io.kubekv.zookeeper.watch.Watcher;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Its requests are done one after the other, in the order in which they came, and
 * answered in that order. Used on the event loop alone.
 */
final class Connection implements TcpProtocol.Receiver {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private final Shared shared;
  private final TcpConnection wire;
  private final Caller caller;
  private final Inbox inbox;
  private final Watcher watcher = new Listening(this);
  private final Outbox outbox = new Outbox(this::send, this::holds);

  /** Bytes of events that wait for an answer. */
  private long heldEvents;

  private boolean busy;
  private boolean over;
  private long overSince;
  private boolean working;
  private @Nullable TcpRequest current;
  private Revision seen = Revision.ZERO;

  /** Of its session; absent while it has none. */
  private @Nullable Life life;

  private long sent;
  private final long established;
  private final Tally tally = new Tally();
  private ClientFigures.Last last = ClientFigures.Last.NONE;

  Connection(Shared shared, TcpConnection wire, Caller caller) {
    this.shared = shared;
    this.wire = wire;
    this.caller = caller;
    this.inbox = new Inbox(shared, wire);
    this.established = shared.millis();
  }

  Shared shared() {
    return shared;
  }

  TcpConnection wire() {
    return wire;
  }

  Caller caller() {
    return caller;
  }

  /** As it is told of what happens. */
  Watcher watcher() {
    return watcher;
  }

  /** Whatever goes wrong ends the connection, and what it is asked. */
  void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException unexpected) {
      log.error("a connection is closed, since a request could not be done", unexpected);
      finish(Outcome.FAILED, 0);
      end();
    }
  }

  /** Goes on with a request on the loop. */
  Executor within(TcpRequest request) {
    return task -> wire.loop().execute(() -> request.run(task));
  }

  @Override
  public void received(Buffer bytes) {
    if (!over) {
      guarded(() -> take(bytes));
    }
  }

  private void take(Buffer bytes) {
    inbox.add(bytes);
    Optional<Supplier<String>> word = inbox.beginning().flatMap(shared.words()::answer);
    if (word.isPresent()) {
      isOverNow();
      Question.begin(this, word.get());
      return;
    }
    if (!inbox.cut()) {
      log.debug("a connection is closed, since a message is too long, or too much is held");
      end();
      return;
    }
    if (life != null) {
      life.sign();
    }
    work();
  }

  /** Does what waits, one after the other; what is answered at once needs no further call. */
  private void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      while (!busy && !over && wire.isOpen() && !inbox.isEmpty()) {
        byte[] message = inbox.next();
        busy = true;
        Life own = life;
        guarded(() -> begin(message, own));
      }
    } finally {
      working = false;
    }
  }

  private void begin(byte[] message, @Nullable Life own) {
    if (own == null) {
      Opening.begin(this, message);
    } else {
      own.whenRenewed(() -> Exchange.begin(this, own.session(), message));
    }
  }

  /** What was asked for is answered, and the next is begun. */
  void done() {
    busy = false;
    inbox.done();
    work();
  }

  /** A request's turn has come. */
  void begun(TcpRequest request) {
    current = request;
  }

  /** The request that is being answered is over. */
  void finish(Outcome outcome, long bytes) {
    TcpRequest own = current;
    current = null;
    if (own != null) {
      own.end(outcome, bytes);
    }
  }

  /** Ends the connection: what the client has asked may have happened, and it comes again. */
  void end() {
    isOverNow();
    inbox.clear();
    if (life != null) {
      life.clear();
    }
    wire.close();
  }

  /** It has a session from now on. */
  void attached(Sessions.Held session, long renewed, Revision shown) {
    life = new Life(this, session, renewed);
    seen = shown;
    shared.attached(session.number(), this);
  }

  void send(Buffer message) {
    sent++;
    wire.send(message);
  }

  /** Sends an answer, and the events that have waited for it. */
  void reply(Buffer message) {
    send(message);
    outbox.answered();
  }

  /** Where its events wait for what they must not be told before. */
  Outbox outbox() {
    return outbox;
  }

  /** Counts events that wait, with what is held of requests. */
  private void holds(long bytes) {
    boolean may = shared.held().holds(wire.origin(), heldEvents, bytes);
    heldEvents = bytes;
    if (!may) {
      log.debug("a connection is closed, since too many of its events wait for an answer");
      end();
    }
  }

  /** Sends the last message of all. */
  void last(Buffer message) {
    send(message);
    isOverNow();
    wire.end();
  }

  private void isOverNow() {
    over = true;
    overSince = shared.now();
    outbox.clear();
  }

  /** A request was answered. */
  void answered(String operation, long xid, long nanos, int bytes) {
    last = new ClientFigures.Last(operation, xid, shared.millis());
    tally.answered(nanos, bytes);
    shared.tally().answered(nanos, bytes);
  }

  /** The latest revision that its client was shown. */
  Revision seen() {
    return seen;
  }

  /** Its client is shown a revision. */
  void sees(Revision revision) {
    seen = Revision.max(seen, revision);
  }

  boolean isOutlived() {
    return life != null && life.isOutlived();
  }

  /** Ends it where its session may have, or nothing came for too long. Called now and then. */
  void look() {
    if (!over) {
      guarded(this::lookAfter);
    } else if (shared.now() - overSince > shared.readTimeout().toNanos()) {
      wire.close(); // its client does not take the last of all
    }
  }

  private void lookAfter() {
    boolean quiet = life != null && inbox.isQuiet(life.patience());
    if (inbox.isStuck() || quiet || isOutlived()) {
      end();
    } else if (life != null) {
      life.tryAgain();
    }
  }

  /** Whether nothing is to be done for it any more, and it is told of nothing. */
  boolean isOver() {
    return over;
  }

  @Override
  public void closed() {
    over = true;
    outbox.clear();
    inbox.close();
    shared.closed(this);
  }

  @Override
  public boolean isBusy() {
    return busy || !inbox.isEmpty();
  }

  /** The number of its session; zero when it has none yet. */
  long session() {
    return life == null ? 0 : life.session().number();
  }

  ClientFigures figures() {
    Life own = life;
    return new ClientFigures(
        String.valueOf(wire.remote()),
        inbox.size(),
        inbox.received(),
        sent,
        session(),
        own == null ? 0 : own.session().note().timeout(),
        own == null ? 0 : shared.millis() + own.left(),
        established,
        seen.value(),
        isBusy(),
        last,
        tally);
  }
}
