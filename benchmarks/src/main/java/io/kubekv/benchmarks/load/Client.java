package io.kubekv.benchmarks.load;

import java.io.IOException;

/**
 * One client of a store, on a connection of its own where the protocol has such. Used by one thread
 * at a time.
 */
public interface Client extends AutoCloseable {
  /** Makes a request and blocks until it is answered; an answer that is not as it must be fails. */
  void perform(Operation operation) throws IOException;

  /**
   * The store's latest revision, linearizable: each change moves it by one at least. Others may
   * move it, too.
   */
  long revision() throws IOException;

  /** The revision of the last change of a key that is there, linearizable. */
  long modified(String key) throws IOException;

  @Override
  void close() throws IOException;

  /** Opens a client. */
  @FunctionalInterface
  interface Connector {
    Client open() throws IOException;
  }
}
