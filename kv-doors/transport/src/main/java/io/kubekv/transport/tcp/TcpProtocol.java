package io.kubekv.transport.tcp;

import io.vertx.core.buffer.Buffer;
import java.util.Set;

/** What is spoken on a listener's connections. Called on the event loop alone; must not block. */
public interface TcpProtocol {
  /** What its clients may ask for, as metrics call it. */
  Set<String> verbs();

  /** A client has connected. */
  Receiver opened(TcpConnection connection);

  /** What one client sends. */
  interface Receiver {
    /** Some bytes more; how many at a time means nothing. */
    void received(Buffer bytes);

    /** Nothing comes any more, and nothing can be sent. Called once. */
    void closed();

    /** Whether something that the client asked for is not answered yet. */
    boolean isBusy();
  }
}
