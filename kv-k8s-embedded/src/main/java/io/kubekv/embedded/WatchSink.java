package io.kubekv.embedded;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a watch's events go: a chunked HTTP answer, a WebSocket, a client in this process. Belongs
 * to the event loop.
 */
interface WatchSink {

  /** Sends these events, each one JSON object. */
  void send(List<byte[]> events);

  /** Whether the client has fallen so far behind that nothing should be sent now. */
  boolean full();

  void onDrain(Runnable drained);

  void onClose(Runnable closed);

  /** Ends the stream in an orderly way. */
  void end();

  /** Cuts the connection. */
  void cut();

  /** Each event as a line. */
  static byte[] lines(List<byte[]> events) {
    int size = events.size();
    for (byte[] event : events) {
      size += event.length;
    }
    byte[] lines = new byte[size];
    int at = 0;
    for (byte[] event : events) {
      System.arraycopy(event, 0, lines, at, event.length);
      at += event.length;
      lines[at++] = '\n';
    }
    return lines;
  }

  /** Events as lines of a chunked answer, whose headers are sent at once. */
  static WatchSink http(HttpServerResponse response, Runnable cut) {
    response.setChunked(true).putHeader("Content-Type", "application/json");
    response.putHeader("Cache-Control", "no-cache, private");
    response.writeHead();
    return new WatchSink() {
      @Override
      public void send(List<byte[]> events) {
        response.write(Buffer.buffer(lines(events)));
      }

      @Override
      public boolean full() {
        return response.writeQueueFull();
      }

      @Override
      public void onDrain(Runnable drained) {
        response.drainHandler(v -> drained.run());
      }

      @Override
      public void onClose(Runnable closed) {
        response.closeHandler(v -> closed.run());
        response.exceptionHandler(e -> closed.run());
      }

      @Override
      public void end() {
        response.end();
      }

      @Override
      public void cut() {
        cut.run();
      }
    };
  }

  /** Events as text messages. */
  static WatchSink webSocket(ServerWebSocket socket, Runnable cut) {
    return new WatchSink() {
      @Override
      public void send(List<byte[]> events) {
        for (byte[] event : events) {
          socket.writeTextMessage(new String(event, StandardCharsets.UTF_8));
        }
      }

      @Override
      public boolean full() {
        return socket.writeQueueFull();
      }

      @Override
      public void onDrain(Runnable drained) {
        socket.drainHandler(v -> drained.run());
      }

      @Override
      public void onClose(Runnable closed) {
        socket.closeHandler(v -> closed.run());
        socket.exceptionHandler(e -> closed.run());
      }

      @Override
      public void end() {
        socket.close();
      }

      @Override
      public void cut() {
        cut.run();
      }
    };
  }
}
