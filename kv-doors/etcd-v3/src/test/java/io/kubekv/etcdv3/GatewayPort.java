package io.kubekv.etcdv3;

import io.grpc.BindableService;
import io.kubekv.StoreException;
import io.kubekv.etcdv3.gateway.Gateway;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HostWhitelist;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.http.WebGuard;
import io.kubekv.transport.limits.OverLimitException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The gateway on a port of its own, as open to the web as etcd's. */
final class GatewayPort implements AutoCloseable {
  private final HttpListener listener;
  private final Gateway gateway;

  private GatewayPort(HttpListener listener, Gateway gateway) {
    this.listener = listener;
    this.gateway = gateway;
  }

  static GatewayPort open(EtcdV3Services door, Executor threads) throws IOException {
    Gateway gateway =
        new Gateway(
            new Nothing(), door.services().stream().map(BindableService::bindService).toList());
    WebGuard open = new WebGuard(gateway, HostWhitelist.ANY, List.of("*"), List.of("*"));
    return new GatewayPort(
        HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, open, threads), gateway);
  }

  int port() {
    return listener.port();
  }

  @Override
  public void close() {
    listener.close();
    gateway.close();
  }

  /** Has no paths, in Go's words. */
  private static final class Nothing implements Dialect {
    @Override
    public void handle(HttpExchange exchange) {
      if (exchange.method().equals("OPTIONS")) {
        exchange.reply(200, List.of(), Payload.EMPTY);
      } else {
        refuse(exchange, 404, "404 page not found\n");
      }
    }

    private static void refuse(HttpExchange exchange, int status, String why) {
      exchange.reply(
          status,
          List.of(
              new Header("Content-Type", "text/plain; charset=utf-8"),
              new Header("X-Content-Type-Options", "nosniff")),
          Payload.utf8(why));
    }

    @Override
    public void refuse(HttpExchange exchange, StoreException why) {
      refuse(exchange, 401, "nobody's");
    }

    @Override
    public Optional<String> token(HttpExchange exchange) {
      return Optional.empty();
    }

    @Override
    public boolean isForEverybody(HttpExchange exchange) {
      return false;
    }

    @Override
    public void bodyTooLarge(HttpExchange exchange, long limit) {
      refuse(exchange, 413, "too large");
    }

    @Override
    public void overLimit(HttpExchange exchange, OverLimitException why) {
      refuse(exchange, 429, "too many");
    }

    @Override
    public void close() {}
  }
}
