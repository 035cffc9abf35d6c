package io.kubekv.embedded;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that came over a socket. Belongs to the event loop. */
final class HttpExchange implements Exchange {
  private final HttpServerRequest request;

  HttpExchange(HttpServerRequest request) {
    this.request = request;
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    String path = request.path();
    return path == null ? "/" : path;
  }

  @Override
  public String query() {
    String query = request.query();
    return query == null ? "" : query;
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeader(name);
  }

  @Override
  public @Nullable String parameter(String name) {
    return request.getParam(name);
  }

  @Override
  public void addHeader(String name, String value) {
    request.response().headers().add(name, value);
  }

  @Override
  public void answer(int status, String contentType, byte[] body) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    if (response.headWritten()) {
      cut();
      return;
    }
    response.setStatusCode(status);
    response.putHeader("Content-Type", contentType);
    response.end(Buffer.buffer(body));
  }

  @Override
  public void stream(Consumer<WatchSink> opened) {
    if ("websocket".equalsIgnoreCase(header("Upgrade"))) {
      request
          .toWebSocket()
          .onSuccess(socket -> opened.accept(WatchSink.webSocket(socket, this::cut)));
    } else {
      opened.accept(WatchSink.http(request.response(), this::cut));
    }
  }

  @Override
  public void cut() {
    request.connection().close();
  }
}
