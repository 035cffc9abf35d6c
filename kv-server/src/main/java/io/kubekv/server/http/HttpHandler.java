package io.kubekv.server.http;

/** What a door is to the listener. All methods are called on virtual threads and may block. */
public interface HttpHandler {
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
