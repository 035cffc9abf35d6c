package io.kubekv.zookeeper.wire;

/** The protocol's errors, as answers say them (ZooKeeper 3.8, KeeperException). */
public enum Code {
  OK(0),
  RUNTIME_INCONSISTENCY(-2),
  CONNECTION_LOSS(-4),
  MARSHALLING_ERROR(-5),
  UNIMPLEMENTED(-6),
  BAD_ARGUMENTS(-8),
  NO_NODE(-101),
  NO_AUTH(-102),
  BAD_VERSION(-103),
  NO_CHILDREN_FOR_EPHEMERALS(-108),
  NODE_EXISTS(-110),
  NOT_EMPTY(-111),
  SESSION_EXPIRED(-112),
  INVALID_ACL(-114),
  AUTH_FAILED(-115),
  SESSION_MOVED(-118),
  NO_WATCHER(-121);

  private final int number;

  Code(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
