package io.kubekv.etcdv2;

import io.kubekv.Revision;

/** An answer that is one of etcd's errors. */
final class EtcdError extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String detail;
  private final transient Revision index;

  EtcdError(ErrorCode code, String detail, Revision index) {
    super(code.message() + ": " + detail, null, false, false);
    this.code = code;
    this.detail = detail;
    this.index = index;
  }

  /** An error of the request itself, whose index is always 0. */
  static EtcdError ofRequest(ErrorCode code, String detail) {
    return new EtcdError(code, detail, Revision.ZERO);
  }

  ErrorCode code() {
    return code;
  }

  /** What etcd calls the cause: the key, the comparison, or the field concerned. */
  String detail() {
    return detail;
  }

  /** The store's index when the error was decided. */
  Revision index() {
    return index;
  }
}
