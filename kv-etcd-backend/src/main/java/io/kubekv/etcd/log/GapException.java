package io.kubekv.etcd.log;

/** The entry before an entry does not stand as it was told. */
final class GapException extends Exception {
  private static final long serialVersionUID = 1L;

  GapException(long position) {
    super("the log in etcd does not hold the entry before position " + position);
  }
}
