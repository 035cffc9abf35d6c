package io.kubekv.zookeeper.connection;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.tcp.TcpRequest;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.session.Sessions;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import io.kubekv.zookeeper.wire.Wire;
import io.kubekv.zookeeper.wire.ZkException;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a session, from its message to its answer. Used on the event loop alone. */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);
  private static final int HEADER = 8;

  private final Connection connection;
  private final Sessions.Held session;
  private final byte[] message;
  private final RequestHeader header;

  /** When its message was begun. */
  private final long begun;

  /** Empty when it is one that there is not. */
  private final Optional<Op> op;

  private Exchange(
      Connection connection, Sessions.Held session, byte[] message, RequestHeader header) {
    this.connection = connection;
    this.session = session;
    this.message = message;
    this.header = header;
    this.op = Op.of(header.getType());
    this.begun = connection.shared().now();
  }

  static void begin(Connection connection, Sessions.Held session, byte[] message) {
    RequestHeader header = new RequestHeader();
    try {
      Wire.read(Wire.reader(message), header);
    } catch (ZkException notOne) {
      connection.end();
      return;
    }
    new Exchange(connection, session, message, header).begin();
  }

  private void begin() {
    connection
        .wire()
        .begin(
            op.map(Op::verb).orElse(Op.UNKNOWN),
            op.map(own -> Requests.target(own, message, HEADER)).orElse(""),
            request -> request.run(() -> connection.guarded(() -> begin(request))),
            refused -> connection.guarded(() -> answer(Reply.error(Code.CONNECTION_LOSS))));
  }

  private void begin(TcpRequest request) {
    connection.begun(request);
    if (connection.isOver()) {
      connection.finish(Outcome.REFUSED, message.length);
      return;
    }
    if (op.isEmpty()) {
      answer(Reply.error(Code.UNIMPLEMENTED));
      return;
    }
    CompletableFuture<Boolean> stands =
        is(Op.AUTH) || is(Op.CLOSE)
            ? CompletableFuture.completedFuture(true)
            : connection.caller().stands();
    if (stands.isDone() && !stands.isCompletedExceptionally() && stands.join()) {
      perform(op.get(), request);
      return;
    }
    var unused =
        stands.whenCompleteAsync(
            (still, failed) ->
                connection.guarded(
                    () -> {
                      if (failed != null || !still || connection.isOver()) {
                        connection.finish(Outcome.REFUSED, message.length);
                        connection.end();
                      } else {
                        request.run(() -> connection.guarded(() -> perform(op.get(), request)));
                      }
                    }),
            connection.wire().loop());
  }

  private boolean is(Op wanted) {
    return op.isPresent() && op.get() == wanted;
  }

  private void perform(Op asked, TcpRequest request) {
    CompletableFuture<Reply> reply;
    try {
      reply = reply(asked, Arrays.copyOfRange(message, HEADER, message.length), request);
    } catch (ZkException refused) {
      reply = CompletableFuture.completedFuture(Reply.error(refused.code()));
    } catch (RuntimeException failed) {
      reply = CompletableFuture.failedFuture(failed);
    }
    CompletableFuture<Reply> made = reply;
    if (made.isDone()) {
      replied(made);
    } else {
      var unused =
          made.whenCompleteAsync(
              (done, failed) -> connection.guarded(() -> replied(made)), connection.wire().loop());
    }
  }

  private CompletableFuture<Reply> reply(Op asked, byte[] body, TcpRequest request) {
    return switch (asked) {
      case AUTH -> {
        AuthPacket shown = Wire.read(Wire.reader(body), new AuthPacket());
        yield connection
            .caller()
            .authenticate(shown.getScheme(), shown.getAuth())
            .thenApply(
                known -> known ? Reply.of(connection.seen(), null) : Reply.error(Code.AUTH_FAILED));
      }
      case SASL -> CompletableFuture.completedFuture(Reply.error(Code.AUTH_FAILED));
      case RECONFIG -> CompletableFuture.completedFuture(Reply.error(Code.UNIMPLEMENTED));
      case CLOSE -> ended(connection.within(request));
      case PING -> CompletableFuture.completedFuture(Reply.of(connection.seen(), null));
      default -> new Requests(call(request)).begin(asked, Wire.reader(body));
    };
  }

  private Call call(TcpRequest request) {
    Shared shared = connection.shared();
    Executor within = connection.within(request);
    return new Call(
        new Nodes(connection.caller().store(), connection.seen(), within),
        new Nodes(shared.store(), connection.seen(), within),
        connection.caller().ids(),
        session.number(),
        session.revision(),
        connection.watcher(),
        shared.watches(),
        task -> shared.threads().execute(() -> request.run(task)));
  }

  private CompletableFuture<Reply> ended(Executor within) {
    Shared shared = connection.shared();
    return shared
        .sessions()
        .end(session.number(), session.revision())
        .thenComposeAsync(was -> shared.store().revision(Freshness.LINEARIZABLE), within)
        .thenApply(now -> Reply.of(now, null));
  }

  private void replied(CompletableFuture<Reply> done) {
    Reply reply;
    try {
      reply = done.join();
    } catch (RuntimeException failed) {
      Optional<Code> code = Failures.code(Await.cause(failed));
      if (code.isEmpty()) {
        unanswered(failed);
        return;
      }
      reply = Reply.error(code.get());
    }
    answer(reply);
  }

  /** The client comes again, and finds out. */
  private void unanswered(Throwable failed) {
    log.debug("a connection is closed, since it cannot be told what became of a request", failed);
    connection.finish(Outcome.FAILED, message.length);
    connection.end();
  }

  /** Answers once the client has been told of all events that the answer shows, or not at all. */
  private void answer(Reply reply) {
    connection.sees(reply.revision());
    CompletableFuture<Void> told =
        is(Op.CLOSE)
            ? CompletableFuture.completedFuture(null)
            : connection.shared().watches().told(connection.watcher(), connection.seen().value());
    if (told.isDone() && !told.isCompletedExceptionally()) {
      send(reply);
      return;
    }
    var unused =
        told.whenCompleteAsync(
            (done, failed) ->
                connection.guarded(
                    () -> {
                      if (failed == null) {
                        send(reply);
                      } else {
                        unanswered(failed);
                      }
                    }),
            connection.wire().loop());
  }

  private void send(Reply reply) {
    Outcome outcome = reply.code() == Code.OK ? Outcome.DONE : Outcome.REFUSED;
    if (!is(Op.CLOSE) && connection.isOutlived() || isUnsaid(reply.code())) {
      connection.end();
    }
    if (connection.isOver()) {
      connection.finish(outcome, message.length);
      return;
    }
    Buffer answer =
        Wire.reply(header.getXid(), connection.seen().value(), reply.code().number(), reply.body());
    connection.finish(outcome, (long) message.length + answer.length());
    connection.answered(
        op.map(Op::shown).orElse("NA"),
        header.getXid(),
        connection.shared().now() - begun,
        answer.length());
    boolean closed = is(Op.CLOSE) && reply.code() == Code.OK;
    boolean unknown = op.isEmpty() || is(Op.AUTH) && reply.code() != Code.OK;
    if (closed || unknown || reply.isLast()) {
      connection.last(answer);
    } else {
      connection.reply(answer);
      connection.done();
    }
  }

  /**
   * Whether a client is told nothing, and comes again: of a session that moved, as by ZooKeeper;
   * and where it cannot wait for what it waited for, since clients take no notice of an error then.
   */
  private boolean isUnsaid(Code code) {
    boolean watches = is(Op.SET_WATCHES) || is(Op.SET_WATCHES2);
    boolean lost = code != Code.OK && code != Code.MARSHALLING_ERROR;
    return code == Code.SESSION_MOVED || watches && lost;
  }
}
