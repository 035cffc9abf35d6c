package io.kubekv.e2e.api;

import java.io.IOException;

/**
 * An API server that a check may break: the embedded one or a real one, durable. Not safe for use
 * by several threads at once; every method blocks until it is done.
 */
public interface ApiServer extends AutoCloseable {
  /** The namespace that kubekv may use as its store. */
  String namespace();

  /** Where it is now; may change with a start. */
  ApiAddress address() throws IOException;

  /** Ends it at once, as {@code kill -9} does. */
  void kill() throws IOException;

  /** Starts it again on its data, and waits until it is ready. */
  void start() throws IOException;

  /** Keeps its data as they are now, for {@link #restore}; stops it meanwhile. */
  void keep() throws IOException;

  /** Puts back the data that were kept, as somebody does who restores a backup of etcd. */
  void restore() throws IOException;

  @Override
  void close() throws IOException;
}
