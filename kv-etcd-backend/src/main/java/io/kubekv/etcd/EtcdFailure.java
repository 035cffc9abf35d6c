package io.kubekv.etcd;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A request that etcd refused, or did not answer. The one place that reads its status codes. */
public final class EtcdFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is known of the request. */
  public enum Kind {
    /** Not applied: etcd does not let us do this, or cannot be asked now. */
    REFUSED,
    /** Not applied: etcd asks for less, or its quota is used up. */
    OVERLOADED,
    /** Not applied: the lease it names has ended. */
    LEASE_ENDED,
    /** Not applied: the revision it names has been compacted, or is yet to come. */
    OUT_OF_RANGE,
    /** Not applied: the token of our login is not known any more. */
    LOGIN_ENDED,
    /** No answer that says whether it was applied. */
    UNKNOWN
  }

  private final Kind kind;

  public EtcdFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  private EtcdFailure(Kind kind, Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
    this.kind = kind;
  }

  /** etcd's rpctypes: which errors come with which codes. */
  public static EtcdFailure of(StatusRuntimeException failed) {
    Status status = failed.getStatus();
    Kind kind =
        switch (status.getCode()) {
          case NOT_FOUND -> Kind.LEASE_ENDED;
          case OUT_OF_RANGE -> Kind.OUT_OF_RANGE;
          case RESOURCE_EXHAUSTED -> Kind.OVERLOADED;
          case UNAUTHENTICATED -> Kind.LOGIN_ENDED;
          case PERMISSION_DENIED, INVALID_ARGUMENT, FAILED_PRECONDITION, UNIMPLEMENTED ->
              Kind.REFUSED;
          case OK,
              CANCELLED,
              UNKNOWN,
              DEADLINE_EXCEEDED,
              ALREADY_EXISTS,
              ABORTED,
              INTERNAL,
              UNAVAILABLE,
              DATA_LOSS ->
              Kind.UNKNOWN;
        };
    return new EtcdFailure(kind, failed);
  }

  public Kind kind() {
    return kind;
  }
}
