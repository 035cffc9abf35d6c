package io.kubekv.etcdv3.call;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.FutureRevisionException;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Refused;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * etcd's errors, with its codes and texts (etcd 3.6, api/v3rpc/rpctypes/error.go): clients compare
 * both. What etcd has no words for begins with "kubekv:".
 */
public final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  public static final Status EMPTY_KEY = invalid("key is not provided");
  public static final Status KEY_NOT_FOUND = invalid("key not found");
  public static final Status VALUE_PROVIDED = invalid("value is provided");
  public static final Status LEASE_PROVIDED = invalid("lease is provided");
  public static final Status TOO_MANY_OPS = invalid("too many operations in txn request");
  public static final Status DUPLICATE_KEY = invalid("duplicate key given in txn request");
  public static final Status INVALID_SORT = invalid("invalid sort option");
  public static final Status REQUEST_TOO_LARGE = invalid("request is too large");
  public static final Status USER_EMPTY = invalid("user name is empty");
  public static final Status AUTH_FAILED =
      invalid("authentication failed, invalid user ID or password");
  public static final Status COMPACTED =
      etcd(Status.OUT_OF_RANGE, "mvcc: required revision has been compacted");
  public static final Status FUTURE_REVISION =
      etcd(Status.OUT_OF_RANGE, "mvcc: required revision is a future revision");
  public static final Status TTL_TOO_LARGE = etcd(Status.OUT_OF_RANGE, "too large lease TTL");
  static final Status NO_SPACE = etcd(Status.RESOURCE_EXHAUSTED, "mvcc: database space exceeded");
  public static final Status TOO_MANY_REQUESTS =
      etcd(Status.RESOURCE_EXHAUSTED, "too many requests");
  public static final Status LEASE_NOT_FOUND = etcd(Status.NOT_FOUND, "requested lease not found");
  public static final Status LEASE_EXISTS =
      etcd(Status.FAILED_PRECONDITION, "lease already exists");
  public static final Status AUTH_NOT_ENABLED =
      etcd(Status.FAILED_PRECONDITION, "authentication is not enabled");
  public static final Status PERMISSION_DENIED =
      etcd(Status.PERMISSION_DENIED, "permission denied");
  static final Status INVALID_TOKEN = etcd(Status.UNAUTHENTICATED, "invalid auth token");
  public static final Status NO_LEADER = etcd(Status.UNAVAILABLE, "no leader");
  public static final Status TIMED_OUT = etcd(Status.UNAVAILABLE, "request timed out");
  public static final Status STOPPED = etcd(Status.UNAVAILABLE, "server stopped");
  public static final Status NOT_A_KEY =
      Status.INVALID_ARGUMENT.withDescription(
          "kubekv: a key is UTF-8 text without NUL, and this one is not: encode it, as base64"
              + " does");

  private Failures() {}

  private static Status etcd(Status code, String text) {
    return code.withDescription("etcdserver: " + text);
  }

  private static Status invalid(String text) {
    return etcd(Status.INVALID_ARGUMENT, text);
  }

  /** What is not served here, and what to use instead. */
  public static Status unimplemented(String why) {
    return Status.UNIMPLEMENTED.withDescription("kubekv: " + why);
  }

  /** A failure in the words of watches, which tell them as the Go client shows a status. */
  public static String shown(Status status) {
    String[] words = status.getCode().name().split("_");
    StringBuilder code = new StringBuilder();
    for (String word : words) {
      code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return "rpc error: code = " + code + " desc = " + status.getDescription();
  }

  /** How a failure of a call is told. */
  public static StatusRuntimeException told(Throwable failure) {
    return switch (Await.cause(failure)) {
      case StatusRuntimeException known -> known;
      case StoreException store -> of(store).asRuntimeException();
      case CancellationException givenUp -> Status.CANCELLED.asRuntimeException();
      case Throwable mistake -> ofOwn(mistake).asRuntimeException();
    };
  }

  private static Status ofOwn(Throwable mistake) {
    log.error("an etcd v3 call failed for a reason of our own", mistake);
    return Status.INTERNAL.withDescription(
        "kubekv: an error of the server's own; its log says more");
  }

  /**
   * What is unavailable did nothing, and what timed out may have been done: Go's client repeats
   * reads after either, and writes after none. Who shows nothing is told that, and not that a token
   * is invalid: for one that has run out Go's client gets another, and asks again without end.
   */
  public static Status of(StoreException failure) {
    return switch (failure) {
      case UnavailableException nothingDone -> NO_LEADER;
      case OutcomeUnknownException unknown -> TIMED_OUT;
      case OverloadedException overloaded -> TOO_MANY_REQUESTS;
      case LimitExceededException limit -> of(limit);
      case CompactedException compacted -> COMPACTED;
      case FutureRevisionException future -> FUTURE_REVISION;
      case UnauthenticatedException nobody -> nobody.isShown() ? INVALID_TOKEN : USER_EMPTY;
      case PermissionDeniedException denied -> PERMISSION_DENIED;
    };
  }

  private static Status of(LimitExceededException limit) {
    return switch (limit.limit()) {
      case "value size", "transaction value size" -> REQUEST_TOO_LARGE;
      case "list size", "list size as it is answered" ->
          Status.RESOURCE_EXHAUSTED.withDescription(
              "kubekv: " + limit.getMessage() + ": ask for less of it at a time, with a limit");
      case "transaction size", "comparisons of a transaction", "depth of a transaction's choices" ->
          TOO_MANY_OPS;
      case "number of entries", "number of sessions", "keys of a session" -> NO_SPACE;
      default -> Status.INVALID_ARGUMENT.withDescription("kubekv: " + limit.getMessage());
    };
  }

  /** Why the state forbade a put. */
  public static Status of(Refused refused) {
    return switch (refused.reason()) {
      case NO_SESSION -> LEASE_NOT_FOUND;
      case MISSING -> KEY_NOT_FOUND;
      case IS_DIRECTORY ->
          Status.FAILED_PRECONDITION.withDescription(
              "kubekv: the key is a directory of the etcd v2 API, which ends with no lease");
      case EXISTS,
          CHANGED,
          NOT_A_DIRECTORY,
          NOT_EMPTY,
          HELD,
          LOCK_DELAYED,
          NOT_HELD,
          FENCED,
          NO_PARENT,
          EPHEMERAL_PARENT ->
          Status.FAILED_PRECONDITION.withDescription("kubekv: refused: " + refused.reason());
    };
  }
}
