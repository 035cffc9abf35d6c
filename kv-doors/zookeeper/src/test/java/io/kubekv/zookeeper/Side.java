package io.kubekv.zookeeper;

/** One of two servers whose answers are compared. */
interface Side extends AutoCloseable {
  int port();

  @Override
  void close();
}
