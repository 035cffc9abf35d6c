package io.kubekv.transport.door;

import io.kubekv.transport.tcp.TcpListener;

/** A door that speaks a protocol of its own over TCP, while it is open. */
record TcpDoor(TcpListener listener, Runnable closed) implements OpenDoor {
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
