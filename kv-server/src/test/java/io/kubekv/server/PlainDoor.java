package io.kubekv.server;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.StoreException;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.OverLimitException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The smallest door: the path is a key, and the answer its value.
 *
 * @param closed is told that it has been closed
 */
record PlainDoor(ListenAddress address, Runnable closed) implements Door {
  PlainDoor(ListenAddress address) {
    this(address, () -> {});
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View all = context.store(name()).inOnePiece();
    return context.http(
        this, new Values(all, closed), access -> new Values(all.of(access), () -> {}), List.of());
  }

  private record Values(View view, Runnable closed) implements Dialect {
    @Override
    public void handle(HttpExchange exchange) {
      try {
        Key key = Key.of(exchange.path().substring(1));
        Lookup found = Await.read(view.store().get(key, Freshness.LINEARIZABLE));
        say(exchange, 200, found.entry().flatMap(entry -> entry.value().asText()).orElse(""));
      } catch (StoreException why) {
        refuse(exchange, why);
      }
    }

    private static void say(HttpExchange exchange, int status, String text) {
      exchange.reply(status, List.of(), Payload.utf8(text));
    }

    @Override
    public void refuse(HttpExchange exchange, StoreException why) {
      say(exchange, 403, String.valueOf(why.getMessage()));
    }

    @Override
    public Optional<String> token(HttpExchange exchange) {
      return exchange.header("Authorization").flatMap(Credentials::token);
    }

    @Override
    public boolean isForEverybody(HttpExchange exchange) {
      return false;
    }

    @Override
    public void bodyTooLarge(HttpExchange exchange, long limit) {
      say(exchange, 413, "too large");
    }

    @Override
    public void overLimit(HttpExchange exchange, OverLimitException why) {
      say(exchange, 429, String.valueOf(why.getMessage()));
    }

    @Override
    public void close() {
      closed.run();
    }
  }
}
