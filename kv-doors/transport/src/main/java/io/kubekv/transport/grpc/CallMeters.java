package io.kubekv.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.kubekv.transport.requests.RequestMeters;
import io.kubekv.transport.requests.RequestMeters.Outcome;

/** Counts the calls of a door, each when it has ended. */
final class CallMeters extends ServerStreamTracer.Factory {
  private final RequestMeters meters;

  CallMeters(RequestMeters meters) {
    this.meters = meters;
  }

  /** {@code KeyValue/Get} of {@code kubekv.v1.KeyValue/Get}. */
  static String verb(String method) {
    int service = method.lastIndexOf('.', Math.max(0, method.indexOf('/')));
    return method.substring(service + 1);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    String verb = verb(method);
    long begun = System.nanoTime();
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        meters.record(verb, outcome(status), System.nanoTime() - begun);
      }
    };
  }

  static Outcome outcome(Status status) {
    return switch (status.getCode()) {
      case OK -> Outcome.DONE;
      case CANCELLED,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          UNAUTHENTICATED ->
          Outcome.REFUSED;
      case UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS -> Outcome.FAILED;
    };
  }
}
