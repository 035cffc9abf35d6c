package io.kubekv.zookeeper;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.LimitExceededException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.UnauthenticatedException;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.tcp.TcpConnection;
import io.kubekv.transport.tcp.TcpProtocol;
import io.kubekv.transport.tcp.TcpRequest;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Frames;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Wire;
import io.kubekv.zookeeper.wire.ZkException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Its requests are done one after the other, in the order in which they came, and
 * answered in that order. Used on the event loop alone.
 */
final class Connection implements TcpProtocol.Receiver, Watcher {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);
  private static final int HEADER = 8;
  private static final int WITHOUT_READ_ONLY = 44;

  /** Where more wait than this, no more is read. */
  private static final int MOST_WAITING = 256;

  private static final int MOST_WAITING_BYTES = 1 << 20;

  private final Shared shared;
  private final TcpConnection wire;
  private final Caller caller;
  private final Frames frames = new Frames();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private long held;
  private boolean busy;
  private boolean over;
  private boolean working;
  private @Nullable TcpRequest current;
  private Revision seen = Revision.ZERO;
  private Sessions.@Nullable Held session;

  /** When the session was asked to be renewed, and was. */
  private long renewed;

  private boolean renewing;

  /** What goes on once the session is renewed. */
  private @Nullable Runnable pending;

  /** When something came last, and when the message began that has not come as a whole. */
  private long heard;

  private long partial;
  private long received;
  private long sent;

  Connection(Shared shared, TcpConnection wire, Caller caller) {
    this.shared = shared;
    this.wire = wire;
    this.caller = caller;
    this.heard = shared.now();
  }

  /** Whatever goes wrong ends the connection, and what it is asked. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException unexpected) {
      log.error("a connection is closed, since a request could not be done", unexpected);
      finish(Outcome.FAILED, 0);
      end();
    }
  }

  @Override
  public void received(Buffer bytes) {
    if (!over) {
      guarded(() -> take(bytes));
    }
  }

  private void take(Buffer bytes) {
    long now = shared.now();
    boolean begins = frames.kept() == 0;
    heard = now;
    frames.add(bytes);
    if (received == 0 && frames.beginning().isPresent() && isWord(frames.beginning().get())) {
      return;
    }
    try {
      for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
        waiting.add(next.get());
        waitingBytes += next.get().length;
        received++;
        begins = true;
      }
    } catch (IllegalArgumentException tooLong) {
      end();
      return;
    }
    partial = begins ? now : partial;
    if (!hold()) {
      log.debug("a connection is closed, since too much is held of requests");
      end();
      return;
    }
    if (isFull()) {
      wire.pause();
    }
    Sessions.Held own = session;
    if (own != null && isDue(own)) {
      renew(own);
    }
    work();
  }

  /** Answers a question of four letters, which is the only one on its connection. */
  private boolean isWord(int beginning) {
    Optional<Supplier<String>> answer = shared.words().answer(beginning);
    answer.ifPresent(
        text -> {
          over = true;
          wire.arrived();
          wire.begin(
              Op.WORD,
              "",
              request ->
                  request.run(
                      () ->
                          guarded(
                              () -> {
                                current = request;
                                Buffer said = Buffer.buffer(text.get());
                                wire.send(said);
                                wire.end();
                                finish(Outcome.DONE, said.length());
                              })),
              refused -> wire.close());
        });
    return answer.isPresent();
  }

  /** Counts what is held; whether that is not too much. */
  private boolean hold() {
    long now = over ? 0 : frames.room() + (long) waitingBytes;
    boolean may = shared.held().holds(wire.origin(), held, now);
    held = now;
    return may;
  }

  private boolean isFull() {
    return waiting.size() > MOST_WAITING || waitingBytes > MOST_WAITING_BYTES;
  }

  /** Does what waits, one after the other; what is answered at once needs no further call. */
  private void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      while (!busy && !over && !waiting.isEmpty()) {
        boolean full = isFull();
        byte[] message = waiting.remove();
        waitingBytes -= message.length;
        hold();
        if (full && !isFull()) {
          wire.resume();
          heard = shared.now();
        }
        busy = true;
        Sessions.Held own = session;
        guarded(() -> begin(message, own));
      }
    } finally {
      working = false;
    }
  }

  private void begin(byte[] message, Sessions.@Nullable Held own) {
    if (own == null) {
      connect(message);
    } else if (isDue(own)) {
      pending = () -> request(message, own);
      renew(own);
    } else {
      request(message, own);
    }
  }

  private void done() {
    busy = false;
    work();
  }

  /** Ends the connection: what the client has asked may have happened, and it comes again. */
  private void end() {
    over = true;
    waiting.clear();
    waitingBytes = 0;
    pending = null;
    wire.close();
  }

  /** The request that is being answered is over. */
  private void finish(Outcome outcome, long bytes) {
    TcpRequest own = current;
    current = null;
    if (own != null) {
      own.end(outcome, bytes);
    }
  }

  private void connect(byte[] message) {
    ConnectRequest asked = new ConnectRequest();
    try {
      boolean old = message.length == WITHOUT_READ_ONLY;
      byte[] whole = old ? Arrays.copyOf(message, message.length + 1) : message;
      Wire.read(Wire.reader(whole), asked);
    } catch (ZkException notOne) {
      end();
      return;
    }
    wire.arrived();
    boolean readOnly = message.length > WITHOUT_READ_ONLY;
    wire.begin(
        "connect",
        "",
        request -> request.run(() -> guarded(() -> connect(asked, readOnly, request))),
        refused -> end());
  }

  private void connect(ConnectRequest asked, boolean readOnly, TcpRequest request) {
    current = request;
    long now = shared.now();
    session(asked, within(request))
        .whenCompleteAsync(
            (found, failed) ->
                guarded(
                    () -> {
                      finish(failed == null ? Outcome.DONE : Outcome.FAILED, WITHOUT_READ_ONLY);
                      renewed = now;
                      connected(found, failed, readOnly, asked.getLastZxidSeen());
                    }),
            wire.loop());
  }

  /** Goes on with a request on the loop. */
  private Executor within(TcpRequest request) {
    return task -> wire.loop().execute(() -> request.run(task));
  }

  private CompletableFuture<Optional<Sessions.Held>> session(
      ConnectRequest asked, Executor within) {
    int timeout = shared.sessions().negotiated(asked.getTimeOut());
    byte[] password = asked.getPasswd() == null ? new byte[0] : asked.getPasswd();
    CompletableFuture<Revision> revision = shared.store().revision(Freshness.LINEARIZABLE);
    return (revision.isDone() ? revision : revision.whenCompleteAsync((now, failed) -> {}, within))
        .thenCompose(
            now -> {
              if (asked.getLastZxidSeen() > now.value()) {
                throw new IllegalStateException("the client has seen more");
              }
              return asked.getSessionId() == 0
                  ? shared.sessions().begin(timeout).thenApply(Optional::of)
                  : shared.sessions().again(asked.getSessionId(), password);
            });
  }

  private void connected(
      @Nullable Optional<Sessions.Held> found,
      @Nullable Throwable failed,
      boolean readOnly,
      long lastSeen) {
    if (failed != null || found == null || over || !wire.isOpen()) {
      end();
      return;
    }
    if (found.isEmpty()) {
      wire.send(Handshake.expired(readOnly));
      over = true;
      wire.end();
      return;
    }
    Sessions.Held own = found.get();
    session = own;
    seen = new Revision(Math.max(lastSeen, own.revision().value()));
    shared.attached(own.number(), this);
    wire.send(Handshake.accepted(own, readOnly));
    done();
  }

  private void request(byte[] message, Sessions.Held own) {
    RequestHeader header = new RequestHeader();
    try {
      Wire.read(Wire.reader(message), header);
    } catch (ZkException notOne) {
      end();
      return;
    }
    Optional<Op> op = Op.of(header.getType());
    boolean named = op.isPresent() && op.get() != Op.PING;
    wire.begin(
        op.map(Op::verb).orElse(Op.UNKNOWN),
        named ? Requests.target(message, HEADER) : "",
        request -> request.run(() -> guarded(() -> begin(header, op, message, own, request))),
        refused ->
            guarded(() -> answer(header, Reply.error(Code.CONNECTION_LOSS), null, message.length)));
  }

  private void begin(
      RequestHeader header,
      Optional<Op> op,
      byte[] message,
      Sessions.Held own,
      TcpRequest request) {
    current = request;
    if (op.isEmpty()) {
      answer(header, Reply.error(Code.UNIMPLEMENTED), null, message.length);
      return;
    }
    CompletableFuture<Boolean> stands =
        op.get() == Op.AUTH || op.get() == Op.CLOSE
            ? CompletableFuture.completedFuture(true)
            : caller.stands();
    if (stands.isDone() && !stands.isCompletedExceptionally() && stands.join()) {
      perform(header, op.get(), message, own, request);
      return;
    }
    stands.whenCompleteAsync(
        (still, failed) ->
            guarded(
                () -> {
                  if (failed != null || !still) {
                    finish(Outcome.REFUSED, message.length);
                    end();
                  } else {
                    request.run(
                        () -> guarded(() -> perform(header, op.get(), message, own, request)));
                  }
                }),
        wire.loop());
  }

  private void perform(
      RequestHeader header, Op op, byte[] message, Sessions.Held own, TcpRequest request) {
    CompletableFuture<Reply> reply;
    try {
      reply = reply(op, Arrays.copyOfRange(message, HEADER, message.length), own, request);
    } catch (ZkException refused) {
      reply = CompletableFuture.completedFuture(Reply.error(refused.code()));
    } catch (RuntimeException failed) {
      reply = CompletableFuture.failedFuture(failed);
    }
    CompletableFuture<Reply> made = reply;
    if (made.isDone()) {
      replied(header, op, made, message.length);
    } else {
      made.whenCompleteAsync(
          (done, failed) -> guarded(() -> replied(header, op, made, message.length)), wire.loop());
    }
  }

  private CompletableFuture<Reply> reply(
      Op op, byte[] body, Sessions.Held own, TcpRequest request) {
    return switch (op) {
      case AUTH -> {
        AuthPacket asked = Wire.read(Wire.reader(body), new AuthPacket());
        yield caller
            .authenticate(asked.getScheme(), asked.getAuth())
            .thenApply(known -> known ? Reply.of(seen, null) : Reply.error(Code.AUTH_FAILED));
      }
      case SASL -> CompletableFuture.completedFuture(Reply.error(Code.AUTH_FAILED));
      case RECONFIG -> CompletableFuture.completedFuture(Reply.error(Code.UNIMPLEMENTED));
      case CLOSE -> ended(own, request);
      case PING -> CompletableFuture.completedFuture(Reply.of(seen, null));
      default -> {
        Call call =
            new Call(
                caller.store(),
                shared.store(),
                caller.ids(),
                own.number(),
                seen,
                this,
                shared.watches(),
                within(request));
        yield new Requests(call).begin(op, Wire.reader(body));
      }
    };
  }

  private CompletableFuture<Reply> ended(Sessions.Held own, TcpRequest request) {
    return shared
        .sessions()
        .end(own.number())
        .thenComposeAsync(was -> shared.store().revision(Freshness.LINEARIZABLE), within(request))
        .thenApply(now -> Reply.of(now, null));
  }

  private void replied(RequestHeader header, Op op, CompletableFuture<Reply> done, int length) {
    Reply reply;
    try {
      reply = done.join();
    } catch (RuntimeException failed) {
      Optional<Code> code = code(Await.cause(failed));
      if (code.isEmpty()) {
        log.debug(
            "a connection is closed, since it cannot be told what became of a request", failed);
        finish(Outcome.FAILED, length);
        end();
        return;
      }
      reply = Reply.error(code.get());
    }
    answer(header, reply, op, length);
  }

  /** What the client is told of a failure; empty when it is to come again. */
  private static Optional<Code> code(Throwable failed) {
    return switch (failed) {
      case ZkException refused -> Optional.of(refused.code());
      case PermissionDeniedException denied -> Optional.of(Code.NO_AUTH);
      case UnauthenticatedException nobody -> Optional.of(Code.NO_AUTH);
      case LimitExceededException tooLarge -> Optional.of(Code.BAD_ARGUMENTS);
      case OverloadedException overloaded -> Optional.of(Code.CONNECTION_LOSS);
      case OverLimitException tooMuch -> Optional.of(Code.CONNECTION_LOSS);
      default -> Optional.empty();
    };
  }

  /** Answers once the client has been told of all events that the answer shows. */
  private void answer(RequestHeader header, Reply reply, @Nullable Op op, int length) {
    if (reply.revision().isAfter(seen)) {
      seen = reply.revision();
    }
    CompletableFuture<Void> told =
        op == Op.CLOSE
            ? CompletableFuture.completedFuture(null)
            : shared.watches().told(this, seen.value());
    if (told.isDone()) {
      sendAndGoOn(header, reply, op, length);
    } else {
      told.whenCompleteAsync(
          (done, failed) -> guarded(() -> sendAndGoOn(header, reply, op, length)), wire.loop());
    }
  }

  private void sendAndGoOn(RequestHeader header, Reply reply, @Nullable Op op, int length) {
    Outcome outcome = reply.code() == Code.OK ? Outcome.DONE : Outcome.REFUSED;
    if (op != Op.CLOSE && isOutlived()) {
      end();
    }
    if (over) {
      finish(outcome, length);
      return;
    }
    Buffer answer = Wire.reply(header.getXid(), seen.value(), reply.code().number(), reply.body());
    finish(outcome, (long) length + answer.length());
    sent++;
    wire.send(answer);
    if (op == Op.CLOSE && reply.code() == Code.OK || op == Op.AUTH && reply.code() != Code.OK) {
      over = true;
      wire.end();
      return;
    }
    done();
  }

  /** Whether the last renewal is no longer of a moment ago. */
  private boolean isDue(Sessions.Held own) {
    return shared.now() - renewed >= own.note().renewal().toNanos();
  }

  /** Whether the session may have ended, since it was not renewed for as long as it lives. */
  private boolean isOutlived() {
    Sessions.Held own = session;
    return own != null && shared.now() - renewed > own.note().timeToLive().toNanos();
  }

  private void renew(Sessions.Held own) {
    if (renewing) {
      return;
    }
    renewing = true;
    long now = shared.now();
    shared
        .sessions()
        .renew(own.number())
        .whenCompleteAsync(
            (lives, failed) -> guarded(() -> renewed(now, failed == null, lives)), wire.loop());
  }

  /** One that could not be asked for is tried again by {@link #look}. */
  private void renewed(long asked, boolean known, @Nullable Optional<Session> lives) {
    renewing = false;
    if (over || !known) {
      return;
    }
    if (lives == null || lives.isEmpty()) {
      end();
      return;
    }
    renewed = asked;
    Runnable next = pending;
    pending = null;
    if (next != null) {
      next.run();
    }
  }

  /** Ends it where its session may have, or nothing came for too long. Called now and then. */
  void look() {
    if (!over) {
      guarded(this::lookAfter);
    }
  }

  private void lookAfter() {
    long now = shared.now();
    Sessions.Held own = session;
    boolean stuck =
        frames.kept() > 0 && !isFull() && now - partial > shared.readTimeout().toNanos();
    boolean quiet =
        own != null
            && !isFull()
            && now - heard > TimeUnit.MILLISECONDS.toNanos(own.note().timeout());
    if (stuck || quiet || isOutlived()) {
      end();
    } else if (own != null && pending != null) {
      renew(own);
    }
  }

  @Override
  public void happened(EventType type, String path) {
    if (!over) {
      sent++;
      wire.send(Wire.event(type, path));
    }
  }

  @Override
  public boolean mayRead(List<ACL> acl) {
    return Acls.allows(acl, Acls.READ, caller.ids());
  }

  @Override
  public Runnable waits(String path, boolean below) {
    Runnable budget = wire.waits();
    Runnable right = caller.holds(path, below, () -> wire.loop().execute(this::revoked));
    return () -> {
      budget.run();
      right.run();
    };
  }

  /** What it waits for may be read by its user no more: it comes again, and is told so. */
  private void revoked() {
    if (!over) {
      end();
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void lost() {
    end();
  }

  @Override
  public void closed() {
    over = true;
    waiting.clear();
    hold();
    shared.closed(this);
  }

  @Override
  public boolean isBusy() {
    return busy || !waiting.isEmpty();
  }

  /** Zero when it has none yet. */
  @Override
  public long session() {
    Sessions.Held own = session;
    return own == null ? 0 : own.number();
  }

  /** As {@code cons} shows it. */
  String line() {
    return " "
        + wire.remote()
        + "[1](queued="
        + waiting.size()
        + ",recved="
        + received
        + ",sent="
        + sent
        + ",sid=0x"
        + Long.toHexString(session())
        + ")";
  }

  long receivedCount() {
    return received;
  }

  long sentCount() {
    return sent;
  }
}
