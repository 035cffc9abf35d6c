package io.kubekv.embedded;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads a request's body up to the API's limit; a body that is larger or too slow is refused. */
final class BodyReader {
  private static final int MAX_BODY_BYTES = 3 << 20;
  private static final long MAX_MILLIS = 30_000;

  private BodyReader() {}

  /** Exactly one of the two is called, on the event loop. */
  static void read(
      Vertx vertx,
      HttpServerRequest request,
      Consumer<Buffer> whole,
      Consumer<ApiException> refused) {
    Buffer body = Buffer.buffer();
    boolean[] done = {false};
    long timer =
        vertx.setTimer(
            MAX_MILLIS,
            id -> {
              if (!done[0]) {
                done[0] = true;
                request.connection().close();
              }
            });
    request.handler(
        part -> {
          if (done[0]) {
            return;
          }
          body.appendBuffer(part);
          if (body.length() > MAX_BODY_BYTES) {
            done[0] = true;
            vertx.cancelTimer(timer);
            refused.accept(Statuses.requestEntityTooLarge("limit is " + MAX_BODY_BYTES + " bytes"));
          }
        });
    request.exceptionHandler(
        e -> {
          done[0] = true;
          vertx.cancelTimer(timer);
        });
    request.endHandler(
        v -> {
          if (!done[0]) {
            done[0] = true;
            vertx.cancelTimer(timer);
            whole.accept(body);
          }
        });
  }
}
