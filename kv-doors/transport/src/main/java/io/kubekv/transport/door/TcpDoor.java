package io.kubekv.transport.door;

import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.tcp.TcpListener;
import java.util.Map;

/** A door that speaks a protocol of its own over TCP, while it is open. */
record TcpDoor(TcpListener listener, Map<String, HttpHandler> pages, Runnable closed)
    implements OpenDoor {
  TcpDoor {
    pages = Map.copyOf(pages);
  }

  @Override
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } finally {
      closed.run();
    }
  }
}
