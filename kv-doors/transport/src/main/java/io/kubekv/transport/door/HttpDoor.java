package io.kubekv.transport.door;

import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpListener;
import java.time.Duration;

/** A door that speaks HTTP, while it is open. */
record HttpDoor(HttpListener listener, Dialect dialect) implements OpenDoor {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  @Override
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    try {
      listener.drain(DRAIN);
      listener.close();
    } finally {
      dialect.close();
    }
  }
}
