package io.kubekv.transport.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * One request's body as it arrives. What has arrived is held; what is only announced is not, so
 * that bodies which never come take nothing from others. When too much is held, it arrives no
 * further until there is room, or no other body of its address does. Used on the event loop.
 */
final class Incoming {
  private final HttpServerRequest request;
  private final Connection connection;
  private final Body body;
  private boolean arriving;
  private boolean over;
  private long lately;

  /**
   * @param most bytes that it may have
   */
  Incoming(HttpServerRequest request, Connection connection, int most) {
    this.request = request;
    this.connection = connection;
    this.body = new Body(most);
  }

  /**
   * Begins to take it.
   *
   * @param whole gets it when it is all there; what it has is held
   * @param tooLarge told when there is more than there may be
   */
  void begin(Consumer<byte[]> whole, Runnable tooLarge) {
    connection.receives(this);
    request.handler(chunk -> add(chunk, tooLarge));
    request.endHandler(
        end -> {
          end();
          whole.accept(body.whole());
        });
  }

  private void add(Buffer chunk, Runnable tooLarge) {
    if (!body.add(chunk)) {
      request.handler(null);
      request.endHandler(null);
      connection.release(body.size());
      end();
      tooLarge.run();
      return;
    }
    lately += chunk.length();
    connection.hold(chunk.length());
    if (!arriving) {
      arriving = true;
      connection.source().arrives();
    }
    if (!body.isFull() && connection.source().pauses(this::goOnSoon)) {
      arriving = false;
      request.pause();
    }
  }

  private void goOnSoon() {
    connection.loop().execute(this::goOn);
  }

  private void goOn() {
    arriving = true;
    if (over) {
      end();
    } else {
      connection.receiving();
      request.resume();
    }
  }

  /** Whether it holds something and fewer bytes have come since this was asked last. */
  boolean isSlowerThan(long bytes) {
    boolean slower = arriving && lately < bytes;
    lately = 0;
    return slower;
  }

  /** Nothing more will come. May be repeated. */
  void end() {
    over = true;
    connection.receives(null);
    if (arriving) {
      arriving = false;
      connection.source().arrived();
    }
  }
}
