package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The way in over a socket: reads the body of what may come in. Runs on the event loop. */
final class HttpRequests implements Handler<HttpServerRequest> {
  private final Context context;
  private final ApiHandler api;

  HttpRequests(Context context, ApiHandler api) {
    this.context = context;
    this.api = api;
  }

  @Override
  public void handle(HttpServerRequest request) {
    Exchange exchange = new HttpExchange(context, request);
    api.admit(exchange).ifPresent(admitted -> read(request, exchange, admitted));
  }

  private void read(HttpServerRequest request, Exchange exchange, ApiHandler.Admitted admitted) {
    if (request.method().equals(HttpMethod.GET) || request.isEnded()) {
      api.begin(admitted, Buffer.buffer());
      return;
    }
    BodyReader.read(
        context.owner(),
        request,
        body -> api.begin(admitted, body),
        refusal -> {
          exchange.addHeader("Connection", "close");
          admitted.answer().refuse(refusal);
        });
  }
}
