package io.kubekv.server.http;

import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects one request's body on the event loop, within the limit, and hands the request to a
 * thread of its own.
 */
final class RequestReader {
  private static final Logger log = LoggerFactory.getLogger(RequestReader.class);
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
    onThread(
        request,
        connection,
        NO_BODY,
        exchange -> handler.bodyTooLarge(exchange, limits.maxBodyBytes()));
  }

  private void dispatch(HttpServerRequest request, Connection connection, byte[] body) {
    onThread(request, connection, body, handler::handle);
  }

  private void onThread(
      HttpServerRequest request, Connection connection, byte[] body, Answer answer) {
    connection.answering();
    threads.execute(
        () -> {
          connection.work(Thread.currentThread());
          HttpExchange exchange = new HttpExchange(request, connection, counts, body);
          try {
            answer.to(exchange);
          } catch (RuntimeException e) {
            log.error("{} {} failed", exchange.method(), exchange.path(), e);
            exchange.fail();
          } finally {
            connection.workDone(Thread.currentThread());
          }
        });
  }

  private interface Answer {
    void to(HttpExchange exchange);
  }
}
