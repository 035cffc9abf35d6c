package io.kubekv.transport.http;

import io.vertx.core.http.HttpServerResponse;

/**
 * An answer whose headers are out and whose body comes later, in pieces. Thread-safe; nothing here
 * blocks. Whatever is called after the end, or after the client has gone, does nothing.
 */
public final class ResponseStream {
  private static final int MAX_UNSENT_BYTES = 1 << 20;

  private final HttpServerResponse response;
  private final Connection connection;
  private final Outgoing outgoing;
  private final boolean endsWithConnection;

  /**
   * @param endsWithConnection there is nothing else that tells the client its end (HTTP/1.0)
   */
  ResponseStream(
      HttpServerResponse response,
      Connection connection,
      Outgoing outgoing,
      boolean endsWithConnection) {
    this.response = response;
    this.connection = connection;
    this.outgoing = outgoing;
    this.endsWithConnection = endsWithConnection;
  }

  /**
   * Sends a piece. A client that has not taken the pieces before, up to a bound, is cut off
   * instead: false then.
   */
  public boolean write(Payload piece) {
    if (response.ended() || response.closed()) {
      return false;
    }
    if (outgoing.waiting() >= MAX_UNSENT_BYTES) {
      connection.cutAsSlow();
      return false;
    }
    outgoing.send(piece);
    return true;
  }

  /** Bytes of the pieces that the client has not taken. */
  public long waiting() {
    return outgoing.waiting();
  }

  /** Has it told, on the event loop, whenever the client has taken all that there was. */
  public void whenTaken(Runnable told) {
    outgoing.whenEmpty(told);
  }

  /** Sends a last piece and ends the answer; the connection stays open for the next request. */
  public void end(Payload last) {
    if (!response.ended() && !response.closed()) {
      outgoing.end(last, endsWithConnection ? connection::close : () -> {});
    }
  }

  /** Closes the connection without ending the answer, so that the client sees it as broken. */
  public void cut() {
    connection.close();
  }
}
