package io.kubekv.k8s.log;

/** That copying entries out of the ring does not help, and why, in words for an operator. */
final class NeedsSnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  NeedsSnapshotException(String reason) {
    super(reason);
  }
}
