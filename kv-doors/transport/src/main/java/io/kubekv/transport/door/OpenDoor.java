package io.kubekv.transport.door;

/** A door that listens. */
public interface OpenDoor extends AutoCloseable {
  /** The port that it listens on. */
  int port();

  /**
   * Takes no more requests, cuts what waits for changes, and returns when the requests in flight
   * have ended, or were cut after a few seconds.
   */
  @Override
  void close();
}
