package io.kubekv.transport.http;

import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.OverLimitException;
import java.util.Optional;

/**
 * What a door is to the listener. Methods are called on virtual threads and may block unless they
 * say that they never do.
 */
public interface HttpHandler {
  /**
   * Takes a request if that is short work: it is answered now, or once an answer of the store has
   * come, by {@link HttpExchange#loop}. Called on the event loop of all clients, so it must not
   * block and be short.
   *
   * @return whether it was taken; otherwise nothing has been done, and {@link #handle} follows
   */
  default boolean handleAtOnce(HttpExchange exchange) {
    return false;
  }

  /**
   * Whose request it is, where somebody says so and it is known: the name of a budget. Otherwise
   * that of its address counts. Never blocks.
   */
  default Optional<String> client(HttpExchange exchange) {
    return Optional.empty();
  }

  /**
   * Among which budgets that one is, where these are not the listener's. Never blocks. So a door
   * that is a part of another's port is held to the limits of all doors.
   */
  default Optional<Budgets> budgets(HttpExchange exchange) {
    return Optional.empty();
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

  /**
   * Answers a request whose client is over one of its limits; nothing of it was done. Never blocks.
   */
  void overLimit(HttpExchange exchange, OverLimitException why);
}
