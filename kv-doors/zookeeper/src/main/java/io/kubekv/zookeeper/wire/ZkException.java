package io.kubekv.zookeeper.wire;

/** A request that is answered with one of the protocol's errors. */
public final class ZkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;

  public ZkException(Code code) {
    super(code.name(), null, false, false);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
