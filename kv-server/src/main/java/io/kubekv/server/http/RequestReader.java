package io.kubekv.server.http;

import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Executor;

/**
 * Collects one request's body on the event loop, within the limit, and gives the request to a
 * thread of its own unless it can be taken at once.
 */
final class RequestReader {
  private static final byte[] NO_BODY = new byte[0];

  private final HttpLimits limits;
  private final HttpHandler handler;
  private final AnswerCounts counts;
  private final Executor threads;

  RequestReader(HttpLimits limits, HttpHandler handler, AnswerCounts counts, Executor threads) {
    this.limits = limits;
    this.handler = handler;
    this.counts = counts;
    this.threads = threads;
  }

  /** Called on the event loop as soon as the headers are complete. */
  void read(HttpServerRequest request, Connection connection) {
    String length = request.getHeader("Content-Length");
    boolean empty =
        length == null ? request.getHeader("Transfer-Encoding") == null : length.equals("0");
    if (empty) {
      dispatch(request, connection, NO_BODY);
    } else if (length != null && Long.parseLong(length) > limits.maxBodyBytes()) {
      refuse(request, connection);
    } else {
      connection.receiving();
      if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
        request.response().writeContinue();
      }
      collect(request, connection);
    }
  }

  private void collect(HttpServerRequest request, Connection connection) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    request.handler(
        chunk -> {
          if (body.size() + chunk.length() > limits.maxBodyBytes()) {
            request.handler(null);
            request.endHandler(null);
            refuse(request, connection);
          } else {
            body.writeBytes(chunk.getBytes());
          }
        });
    request.endHandler(end -> dispatch(request, connection, body.toByteArray()));
  }

  private void refuse(HttpServerRequest request, Connection connection) {
    request.pause();
    connection.answering();
    onThread(
        exchange(request, connection, NO_BODY),
        connection,
        exchange -> handler.bodyTooLarge(exchange, limits.maxBodyBytes()));
  }

  private void dispatch(HttpServerRequest request, Connection connection, byte[] body) {
    connection.answering();
    HttpExchange exchange = exchange(request, connection, body);
    try {
      if (!handler.handleAtOnce(exchange)) {
        exchange.giveToThread();
      }
    } catch (RuntimeException unexpected) {
      exchange.fail(unexpected);
    }
  }

  private HttpExchange exchange(HttpServerRequest request, Connection connection, byte[] body) {
    return new HttpExchange(
        request,
        connection,
        counts,
        body,
        exchange -> onThread(exchange, connection, handler::handle));
  }

  private void onThread(HttpExchange exchange, Connection connection, Answer answer) {
    threads.execute(
        () -> {
          connection.work(Thread.currentThread());
          try {
            answer.to(exchange);
          } catch (RuntimeException unexpected) {
            exchange.fail(unexpected);
          } finally {
            connection.workDone(Thread.currentThread());
          }
        });
  }

  private interface Answer {
    void to(HttpExchange exchange);
  }
}
