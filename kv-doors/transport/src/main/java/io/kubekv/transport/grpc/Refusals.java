package io.kubekv.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.StoreException;
import java.util.function.Function;

/** How calls are refused: in the form of the door that they came through. */
record Refusals(Function<StoreException, StatusRuntimeException> form) {
  /** Ends a call. */
  void end(ServerCall<?, ?> call, StoreException why) {
    StatusRuntimeException told = form.apply(why);
    Metadata trailers = Status.trailersFromThrowable(told);
    call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  /** Ends a call before it begins. */
  <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, StoreException why) {
    end(call, why);
    return new ServerCall.Listener<>() {};
  }
}
