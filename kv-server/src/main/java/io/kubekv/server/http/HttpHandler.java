package io.kubekv.server.http;

/**
 * What a door is to the listener. All methods but {@link #handleAtOnce} are called on virtual
 * threads and may block.
 */
public interface HttpHandler {
  /**
   * Takes a request if nothing needs to be waited for: it is answered now, or later by {@link
   * HttpExchange#loop}. Called on the event loop of all clients, so it must not block and be short.
   *
   * @return whether it was taken; otherwise nothing has been done, and {@link #handle} follows
   */
  default boolean handleAtOnce(HttpExchange exchange) {
    return false;
  }

  /**
   * Answers one request, with {@link HttpExchange#reply} or {@link HttpExchange#stream}, exactly
   * once. An exception is logged and answered as 500 without a body.
   */
  void handle(HttpExchange exchange);

  /**
   * Answers a request whose body is over the limit; the body was not read. The connection is closed
   * after the answer.
   *
   * @param limit the limit in bytes
   */
  void bodyTooLarge(HttpExchange exchange, long limit);
}
