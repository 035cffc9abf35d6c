package io.kubekv.e2e;

/**
 * A store and the address at which it speaks the protocol of the clients that are to use it.
 *
 * @param hostAndPort as in a URL
 */
record ClientStore(StoreProcess process, String hostAndPort) implements AutoCloseable {
  String name() {
    return process.name();
  }

  String url() {
    return "http://" + hostAndPort;
  }

  @Override
  public void close() {
    process.close();
  }
}
