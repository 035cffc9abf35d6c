package io.kubekv.e2e.container;

/** A control plane that runs until it is closed. */
interface RunningCluster extends AutoCloseable {
  /** Where its API is, seen from this machine. */
  String host();

  int port();

  @Override
  void close();
}
