package io.kubekv.etcdv2file;

/** A snapshot is whole, and something in it is not as etcd writes it; says what, for a user. */
public final class EtcdV2FileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EtcdV2FileException(String message, Throwable cause) {
    super(message, cause);
  }
}
