package io.kubekv.zookeeper.connection;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.tcp.TcpRequest;
import io.kubekv.zookeeper.session.Handshake;
import io.kubekv.zookeeper.session.Sessions;
import io.kubekv.zookeeper.wire.Wire;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.zookeeper.proto.ConnectRequest;
import org.jspecify.annotations.Nullable;

/** The first message of a connection: it begins a session, or goes on with one. */
final class Opening {
  /** Of old clients, which do not say whether they take a server that only reads. */
  private static final int WITHOUT_READ_ONLY = 44;

  private final Connection connection;
  private final Shared shared;
  private final ConnectRequest asked;
  private final boolean readOnly;

  private Opening(Connection connection, ConnectRequest asked, boolean readOnly) {
    this.connection = connection;
    this.shared = connection.shared();
    this.asked = asked;
    this.readOnly = readOnly;
  }

  static void begin(Connection connection, byte[] message) {
    ConnectRequest asked = new ConnectRequest();
    try {
      boolean old = message.length == WITHOUT_READ_ONLY;
      byte[] whole = old ? Arrays.copyOf(message, message.length + 1) : message;
      Wire.read(Wire.reader(whole), asked);
    } catch (ZkException notOne) {
      connection.end();
      return;
    }
    new Opening(connection, asked, message.length > WITHOUT_READ_ONLY).begin();
  }

  private void begin() {
    connection.wire().arrived();
    connection
        .wire()
        .begin(
            "connect",
            "",
            request -> request.run(() -> connection.guarded(() -> begin(request))),
            refused -> connection.end());
  }

  private void begin(TcpRequest request) {
    connection.begun(request);
    long now = shared.now();
    var unused =
        session(connection.within(request))
            .whenCompleteAsync(
                (found, failed) ->
                    connection.guarded(
                        () -> {
                          Outcome outcome = failed == null ? Outcome.DONE : Outcome.FAILED;
                          connection.finish(outcome, WITHOUT_READ_ONLY);
                          opened(failed == null ? found : null, now);
                        }),
                connection.wire().loop());
  }

  private CompletableFuture<Optional<Sessions.Held>> session(Executor within) {
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

  /**
   * @param found absent when it could not be found out
   */
  private void opened(@Nullable Optional<Sessions.Held> found, long now) {
    if (found == null || connection.isOver() || !connection.wire().isOpen()) {
      connection.end();
    } else if (found.isEmpty()) {
      connection.last(Handshake.expired(readOnly));
    } else {
      Sessions.Held own = found.get();
      long seen = Math.max(asked.getLastZxidSeen(), own.revision().value());
      connection.attached(own, now, new Revision(seen));
      connection.wire().send(Handshake.accepted(own, readOnly));
      connection.done();
    }
  }
}
