package io.kubekv.transport.door;

import io.kubekv.transport.http.HttpHandler;
import java.util.Map;

/** A door that listens. */
public interface OpenDoor extends AutoCloseable {
  /** The port that it listens on. */
  int port();

  /** What it shows on the operations port, by how the paths of it begin: {@code /commands}. */
  default Map<String, HttpHandler> pages() {
    return Map.of();
  }

  /**
   * Takes no more requests, cuts what waits for changes, and returns when the requests in flight
   * have ended, or were cut after a few seconds.
   */
  @Override
  void close();
}
