package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A request that came over a socket. Its answer may be given on any thread. */
final class HttpExchange implements Exchange {
  private final Context context;
  private final HttpServerRequest request;

  HttpExchange(Context context, HttpServerRequest request) {
    this.context = context;
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
  public void stream(Opened opened) {
    Executor loop = task -> context.runOnContext(now -> task.run());
    if ("websocket".equalsIgnoreCase(header("Upgrade"))) {
      request
          .toWebSocket()
          .onSuccess(socket -> opened.opened(WatchSink.webSocket(socket, this::cut), loop));
    } else {
      opened.opened(WatchSink.http(request.response(), this::cut), loop);
    }
  }

  @Override
  public void cut() {
    request.connection().close();
  }
}
