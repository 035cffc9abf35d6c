package io.kubekv.wire;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.kubekv.CompactedException;
import io.kubekv.FutureRevisionException;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The port's failures as gRPC statuses with details, and back; the table is in the proto. */
public final class Errors {
  /** Whose reasons they are. */
  static final String DOMAIN = "kubekv.io";

  private static final String UNAVAILABLE = "UNAVAILABLE";
  private static final String OVERLOADED = "OVERLOADED";
  private static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";
  private static final String LIMIT_EXCEEDED = "LIMIT_EXCEEDED";
  private static final String REVISION_COMPACTED = "REVISION_COMPACTED";
  private static final String REVISION_IN_FUTURE = "REVISION_IN_FUTURE";
  private static final String UNAUTHENTICATED = "UNAUTHENTICATED";
  private static final String PERMISSION_DENIED = "PERMISSION_DENIED";
  private static final String INVALID_REQUEST = "INVALID_REQUEST";

  private static final String WANTED = "wanted";
  private static final String OLDEST = "oldest";
  private static final String LATEST = "latest";
  private static final String LASTS = "lasts";

  private Errors() {}

  public static StatusRuntimeException toWire(StoreException failure) {
    return switch (failure) {
      case UnavailableException down ->
          status(
              Code.UNAVAILABLE,
              UNAVAILABLE,
              down,
              down.advice() == StoreException.Advice.RETRY ? Map.of() : Map.of(LASTS, "true"));
      case OverloadedException busy ->
          status(
              Code.RESOURCE_EXHAUSTED,
              OVERLOADED,
              busy,
              Map.of(),
              RetryInfo.newBuilder().setRetryDelay(Values.toWire(busy.retryAfter())).build());
      case OutcomeUnknownException unknown -> status(Code.UNKNOWN, OUTCOME_UNKNOWN, unknown);
      case LimitExceededException over ->
          status(Code.FAILED_PRECONDITION, LIMIT_EXCEEDED, over, numbers(over));
      case CompactedException gone ->
          status(
              Code.OUT_OF_RANGE,
              REVISION_COMPACTED,
              gone,
              Map.of(WANTED, gone.wanted().toString(), OLDEST, gone.oldest().toString()));
      case FutureRevisionException early ->
          status(
              Code.OUT_OF_RANGE,
              REVISION_IN_FUTURE,
              early,
              Map.of(WANTED, early.wanted().toString(), LATEST, early.latest().toString()));
      case UnauthenticatedException nobody -> status(Code.UNAUTHENTICATED, UNAUTHENTICATED, nobody);
      case PermissionDeniedException denied ->
          status(Code.PERMISSION_DENIED, PERMISSION_DENIED, denied);
    };
  }

  /** A request that makes no sense. */
  public static StatusRuntimeException toWire(IllegalArgumentException nonsense) {
    return status(Code.INVALID_ARGUMENT, INVALID_REQUEST, nonsense);
  }

  /**
   * The failure that a store told; empty when the status comes from something in between, and so
   * says nothing of what the store did.
   */
  public static Optional<RuntimeException> toPort(StatusRuntimeException status) {
    com.google.rpc.Status details = StatusProto.fromThrowable(status);
    if (details == null) {
      return Optional.empty();
    }
    return unpack(details, ErrorInfo.class)
        .filter(info -> info.getDomain().equals(DOMAIN))
        .flatMap(info -> failure(info, details));
  }

  private static Optional<RuntimeException> failure(ErrorInfo info, com.google.rpc.Status details) {
    String message = details.getMessage();
    return Optional.ofNullable(
        switch (info.getReason()) {
          case UNAVAILABLE ->
              info.containsMetadata(LASTS)
                  ? UnavailableException.lasting(message)
                  : new UnavailableException(message);
          case OVERLOADED -> new OverloadedException(message, retryAfter(details));
          case OUTCOME_UNKNOWN -> new OutcomeUnknownException(message);
          case LIMIT_EXCEEDED -> limit(info.getMetadataMap());
          case REVISION_COMPACTED ->
              new CompactedException(revision(info, WANTED), revision(info, OLDEST));
          case REVISION_IN_FUTURE ->
              new FutureRevisionException(revision(info, WANTED), revision(info, LATEST));
          case UNAUTHENTICATED -> new UnauthenticatedException(message);
          case PERMISSION_DENIED -> new PermissionDeniedException(message);
          case INVALID_REQUEST -> new IllegalArgumentException(message);
          default -> null;
        });
  }

  /** Says in one line what a status is, for messages to people. */
  public static String describe(Status status) {
    String description = status.getDescription();
    return status.getCode() + (description == null ? "" : ": " + description);
  }

  private static Map<String, String> numbers(LimitExceededException over) {
    return Map.of(
        "limit", over.limit(),
        "unit", over.unit(),
        "actual", Long.toString(over.actual()),
        "allowed", Long.toString(over.allowed()));
  }

  private static LimitExceededException limit(Map<String, String> numbers) {
    return new LimitExceededException(
        numbers.getOrDefault("limit", "size"),
        numbers.getOrDefault("unit", ""),
        Long.parseLong(numbers.getOrDefault("actual", "0")),
        Long.parseLong(numbers.getOrDefault("allowed", "0")));
  }

  private static Revision revision(ErrorInfo info, String name) {
    return Revision.parse(info.getMetadataOrDefault(name, "0"));
  }

  private static Duration retryAfter(com.google.rpc.Status details) {
    return unpack(details, RetryInfo.class)
        .map(info -> Values.toPort(info.getRetryDelay()))
        .orElse(Duration.ofSeconds(1));
  }

  private static <T extends com.google.protobuf.Message> Optional<T> unpack(
      com.google.rpc.Status details, Class<T> type) {
    List<Any> all = details.getDetailsList();
    for (Any each : all) {
      if (each.is(type)) {
        try {
          return Optional.of(each.unpack(type));
        } catch (InvalidProtocolBufferException garbled) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static StatusRuntimeException status(Code code, String reason, Exception failure) {
    return status(code, reason, failure, Map.of());
  }

  private static StatusRuntimeException status(
      Code code,
      String reason,
      Exception failure,
      Map<String, String> metadata,
      com.google.protobuf.Message... more) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(String.valueOf(failure.getMessage()))
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain(DOMAIN)
                        .putAllMetadata(metadata)
                        .build()));
    for (com.google.protobuf.Message each : more) {
      status.addDetails(Any.pack(each));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
