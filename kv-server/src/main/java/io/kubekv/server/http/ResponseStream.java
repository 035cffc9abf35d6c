package io.kubekv.server.http;

import io.kubekv.server.limits.Limit;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;

/**
 * An answer whose headers are out and whose body comes later, in pieces. Thread-safe; nothing here
 * blocks. Whatever is called after the end, or after the client has gone, does nothing.
 */
public final class ResponseStream {
  private final HttpServerResponse response;
  private final Connection connection;
  private final boolean endsWithConnection;

  /**
   * @param endsWithConnection there is nothing else that tells the client its end (HTTP/1.0)
   */
  ResponseStream(HttpServerResponse response, Connection connection, boolean endsWithConnection) {
    this.response = response;
    this.connection = connection;
    this.endsWithConnection = endsWithConnection;
  }

  /**
   * Sends a piece. A client that has not taken the pieces before, up to the listener's bound, is
   * cut off instead: false then.
   */
  public boolean write(Payload piece) {
    if (response.ended() || response.closed()) {
      return false;
    }
    if (response.writeQueueFull()) {
      connection.cut(Limit.SLOW_CLIENT);
      return false;
    }
    response.write(piece.buffer());
    return true;
  }

  /** Sends a last piece and ends the answer; the connection stays open for the next request. */
  public void end(Payload last) {
    if (!response.ended() && !response.closed()) {
      Future<Void> sent = response.end(last.buffer());
      if (endsWithConnection) {
        sent.onComplete(done -> connection.close());
      }
    }
  }

  /** Closes the connection without ending the answer, so that the client sees it as broken. */
  public void cut() {
    connection.close();
  }
}
