package io.kubekv.transport.access;

import io.kubekv.StoreException;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import java.util.Optional;

/** What a door that speaks HTTP answers; its clients may have to say who they are. Thread-safe. */
public interface Dialect extends HttpHandler, AutoCloseable {
  /** Tells a client in the dialect's form why it is not served. */
  void refuse(HttpExchange exchange, StoreException why);

  /** The token that a request shows, if any, in whichever way the dialect has. Never blocks. */
  Optional<String> token(HttpExchange exchange);

  /** Whether everybody may ask this: that a server is there, and which version. Never blocks. */
  boolean isForEverybody(HttpExchange exchange);

  /** Ends what it has open for its requests; nobody asks any more. */
  @Override
  void close();
}
