package io.kubekv.etcdv3.gateway;

/** Text that is no request; the message is etcd's. */
final class BadJson extends Exception {
  private static final long serialVersionUID = 1L;

  BadJson(String message) {
    super(message, null, false, false);
  }
}
